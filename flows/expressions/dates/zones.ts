/** Time zones by the names of Windows, which the platform uses: 'W. Europe Standard Time'. */
import { IANAZone } from 'luxon';
import { findIana, WINDOWS_TO_IANA_MAP } from 'windows-iana';
import { nearest } from '../closest-name.ts';
import type { Timestamp } from './timestamp.ts';

/** The territory that stands for the whole zone in CLDR's table. */
const anywhere = '001';

const windowsNames = [...new Set(WINDOWS_TO_IANA_MAP.map(({ windowsName }) => windowsName as string))];

/** The documentation says that punctuation may have to be left out, so it may. */
const simplified = (name: string): string => name.toLowerCase().replace(/[^a-z0-9+-]/g, '');
const bySimplified = new Map(windowsNames.map((name) => [simplified(name), name]));

const zones = new Map<string, IANAZone>();

/** @returns undefined when there is no such zone, neither by its Windows name nor in the IANA database */
export const findZone = (name: string): IANAZone | undefined => {
  const cached = zones.get(name);
  if (cached !== undefined) return cached;
  const windows = bySimplified.get(simplified(name));
  const [iana] = windows === undefined ? [] : findIana(windows, anywhere);
  const zone = IANAZone.create(iana ?? (/^utc$/i.test(name) ? 'UTC' : name));
  if (!zone.isValid) return undefined;
  zones.set(name, zone);
  return zone;
};

/** The Windows name that was probably meant. */
export const nearestZone = (name: string): string | undefined => nearest(name, windowsNames);

export const isUtc = (zone: IANAZone): boolean =>
  /^(?:Etc\/)?(?:UTC|GMT|Zulu|UCT|Universal)$/i.test(zone.name);

/** What clocks of the zone show at an instant of UTC. */
export const fromUtc = (time: Timestamp, zone: IANAZone): Timestamp =>
  isUtc(zone)
    ? { ...time, kind: 'utc' }
    : { ...time, ms: time.ms + zone.offset(time.ms) * 60_000, kind: 'unspecified' };

const dayMs = 86_400_000;

/**
 * The instant at which clocks of the zone show a time. Of two, when clocks are turned back, it is that of
 * standard time, as .NET has it.
 * @returns undefined for a time that clocks skip
 */
export const toUtc = (time: Timestamp, zone: IANAZone): Timestamp | undefined => {
  const offsets = new Set([zone.offset(time.ms - dayMs), zone.offset(time.ms + dayMs)]);
  const instants = [...offsets]
    .map((offset) => ({ ms: time.ms - offset * 60_000, offset }))
    .filter(({ ms, offset }) => zone.offset(ms) === offset)
    .map(({ ms }) => ms);
  return instants.length === 0 ? undefined : { ...time, ms: Math.max(...instants), kind: 'utc' };
};
