/** What is sent replaces the value, what is left out stays. */
export function replaced<Value>(given: Value | undefined, current: Value): Value {
  return given === undefined ? current : given;
}
