/** The sent value; the current value if the body leaves the member out. */
export function replaced<Value>(given: Value | undefined, current: Value): Value {
  return given === undefined ? current : given;
}
