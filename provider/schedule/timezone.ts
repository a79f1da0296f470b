import { nearest } from "../resource/check/suggestion";
import { findZoneClock } from "./zone-clock";

/** Why the time zone is no IANA name, or undefined when it is one. */
export function timezoneProblem(timezone: string): string | undefined {
  // Intl takes offsets too; the API documents names only.
  if (/^(GMT|UTC)?[+-]/i.test(timezone) && (findZoneClock(timezone) === undefined || /^[+-]/.test(timezone))) {
    return offsetProblem(timezone);
  }
  if (abbreviations.includes(timezone.toUpperCase())) {
    return `"${timezone}" is not an IANA time zone, and several zones share this abbreviation; name one such as Asia/Shanghai or America/Chicago`;
  }
  if (findZoneClock(timezone) !== undefined) {
    return undefined;
  }
  const meant = meantTimezone(timezone);
  return meant === undefined
    ? `"${timezone}" is not an IANA time zone such as UTC, Europe/Berlin or Asia/Shanghai`
    : `"${timezone}" is not an IANA time zone; did you mean ${meant}?`;
}

function offsetProblem(timezone: string): string {
  const [, sign, hours] = /^(?:GMT|UTC)?([+-])0?(\d{1,2})(?::?00)?$/i.exec(timezone) ?? [];
  const name = `Etc/GMT${sign === "+" ? "-" : "+"}${hours}`;
  const here = findZoneClock(name) === undefined ? "" : `, here ${name}`;
  return `"${timezone}" is an offset; name a zone such as Asia/Shanghai, or one of Etc, whose sign is the other way round${here}`;
}

// Node.js takes these beside the names of IANA (ICU, "Time Zone Short IDs"), CST for Chicago and BST for Dhaka.
const abbreviations =
  "ACT AET AGT ART AST BET BST CAT CNT CST CTT EAT ECT IET IST JST MIT NET NST PLT PNT PRT PST SST VST".split(" ");

// Some zones, and UTC, the list of the runtime knows under their older names only.
const newerNames = "UTC Asia/Kolkata Asia/Kathmandu Asia/Ho_Chi_Minh Asia/Yangon Europe/Kyiv".split(" ");

/** Cities that people name and IANA does not. */
const zonesOfOtherCities: Readonly<Record<string, readonly string[]>> = {
  "Asia/Shanghai": ["Beijing", "Peking", "Hangzhou", "Shenzhen", "Guangzhou", "Chengdu"],
  "Asia/Kolkata": ["Bangalore", "Bengaluru", "Delhi", "New_Delhi", "Mumbai", "Hyderabad", "Chennai"],
  "Asia/Tokyo": ["Osaka"],
  "America/Los_Angeles": ["San_Francisco", "Seattle"],
  "America/New_York": ["Boston", "Washington"],
  "America/Sao_Paulo": ["Rio_de_Janeiro"],
  "Europe/Berlin": ["Frankfurt", "Hamburg", "Munich"],
};

/** The zone that was meant by a misspelt name, or by a city alone or in the wrong region. */
function meantTimezone(timezone: string): string | undefined {
  const zones = [...newerNames, ...Intl.supportedValuesOf("timeZone")];
  const zoneOf = new Map([
    ...zones.map((zone) => [cityOf(zone), zone] as const),
    ...Object.entries(zonesOfOtherCities).flatMap(([zone, cities]) => cities.map((city) => [city, zone] as const)),
  ]);
  const city = cityOf(timezone.trim().replaceAll(" ", "_"));
  const meantCity = nearest(city, [...zoneOf.keys()], Math.floor(city.length / 4));
  return nearest(timezone, zones) ?? (meantCity === undefined ? undefined : zoneOf.get(meantCity));
}

function cityOf(timezone: string): string {
  return timezone.slice(timezone.lastIndexOf("/") + 1);
}

/** One name for all the names of a zone: `Asia/Calcutta` for `Asia/Kolkata`. As it is where this Node.js does not know it. */
export function timezoneName(timezone: string): string {
  return findZoneClock(timezone)?.name ?? timezone;
}
