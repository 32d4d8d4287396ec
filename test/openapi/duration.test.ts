/** Durations and instants: the calendar of UTC, on a machine in any time zone. */

import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import {
  instantFrom,
  millisecondsOf,
  parseDuration,
  plusDuration,
  systemClock,
} from '../../openapi/duration.js';

test.each([
  ['2024-02-01', 'P1M', 29],
  ['2023-02-01', 'P1M', 28],
  ['2024-01-01', 'P1Y', 366],
  ['2024-01-01', 'P2W', 14],
  ['2024-03-01', '-P1D', -1],
])('from %s on %s is %d days', (from, duration, days) => {
  expect(millisecondsOf(parseDuration(duration) ?? {}, Date.parse(from))).toBe(days * 86_400_000);
});

type Sum = readonly [instant: string, duration: string, sum: string];

const sums: readonly Sum[] = [
  ['2024-01-01T00:00:00.000Z', 'PT0S', '2024-01-01T00:00:00.000Z'],
  ['2024-01-01T00:00:00.000Z', 'PT10M', '2024-01-01T00:10:00.000Z'],
  ['2024-01-01T00:00:00.000Z', 'PT140M', '2024-01-01T02:20:00.000Z'],
  ['2023-08-23T10:31:25.000Z', 'P10D', '2023-09-02T10:31:25.000Z'],
  ['2023-08-23T10:31:25.000Z', 'P60D', '2023-10-22T10:31:25.000Z'],
  ['2024-01-01T00:00:00.000Z', 'P1440D', '2027-12-11T00:00:00.000Z'],
  // Leap years.
  ['2024-02-28T12:00:00.000Z', 'P1D', '2024-02-29T12:00:00.000Z'],
  ['2023-02-28T12:00:00.000Z', 'P1D', '2023-03-01T12:00:00.000Z'],
  ['2000-02-28T00:00:00.000Z', 'P1D', '2000-02-29T00:00:00.000Z'],
  ['1900-02-28T00:00:00.000Z', 'P1D', '1900-03-01T00:00:00.000Z'],
  ['2024-02-29T00:00:00.000Z', 'P4Y', '2028-02-29T00:00:00.000Z'],
  ['2023-03-01T00:00:00.000Z', 'P1Y', '2024-03-01T00:00:00.000Z'],
  ['2024-01-15T00:00:00.000Z', 'P365D', '2025-01-14T00:00:00.000Z'],
  // Month ends.
  ['2024-11-30T00:00:00.000Z', 'P1M', '2024-12-30T00:00:00.000Z'],
  ['2024-12-31T23:59:59.999Z', 'P1M', '2025-01-31T23:59:59.999Z'],
  ['2024-12-31T23:59:59.999Z', 'PT0.001S', '2025-01-01T00:00:00.000Z'],
  ['2024-10-31T00:00:00.000Z', 'P14M', '2025-12-31T00:00:00.000Z'],
  ['2023-01-31T00:00:00.000Z', 'P1M', '2023-02-28T00:00:00.000Z'],
  ['2024-01-31T06:07:08.009Z', 'P1M', '2024-02-29T06:07:08.009Z'],
  ['2024-02-29T00:00:00.000Z', 'P1Y', '2025-02-28T00:00:00.000Z'],
  ['2024-03-31T00:00:00.000Z', '-P1M', '2024-02-29T00:00:00.000Z'],
  ['2024-01-31T00:00:00.000Z', 'P1M1D', '2024-03-01T00:00:00.000Z'],
  ['2024-01-29T00:00:00.000Z', 'P1M1D', '2024-03-01T00:00:00.000Z'],
  // Either side of a change of summer time in New York (10 March, 3 November 2024).
  ['2024-03-09T12:00:00.000Z', 'P1D', '2024-03-10T12:00:00.000Z'],
  ['2024-03-10T06:30:00.000Z', 'PT1H', '2024-03-10T07:30:00.000Z'],
  ['2024-02-10T07:30:00.000Z', 'P1M', '2024-03-10T07:30:00.000Z'],
  ['2024-11-02T12:00:00.000Z', 'P1W', '2024-11-09T12:00:00.000Z'],
  ['2024-10-03T05:30:00.000Z', 'P1M', '2024-11-03T05:30:00.000Z'],
  // A day that New York and Calcutta do not share with UTC.
  ['2024-01-01T02:00:00.000Z', 'P1M', '2024-02-01T02:00:00.000Z'],
  ['2024-01-31T20:00:00.000Z', 'P2M', '2024-03-31T20:00:00.000Z'],
  // Backwards.
  ['2024-03-01T00:00:00.000Z', '-P1D', '2024-02-29T00:00:00.000Z'],
  ['2024-01-01T00:00:00.000Z', '-P1M', '2023-12-01T00:00:00.000Z'],
  ['2024-03-15T00:00:00.000Z', '-P1Y1M1W1DT1H1M1S', '2023-02-06T22:58:59.000Z'],
  ['1970-01-01T00:00:00.000Z', '-PT1S', '1969-12-31T23:59:59.000Z'],
  // Weeks, fractions and all parts at once.
  ['2024-01-01T00:00:00.000Z', 'P2W', '2024-01-15T00:00:00.000Z'],
  ['2024-01-01T00:00:00.000Z', 'P0.5W', '2024-01-04T12:00:00.000Z'],
  ['2024-01-01T00:00:00.000Z', 'P1.5D', '2024-01-02T12:00:00.000Z'],
  ['2024-01-01T00:00:00.000Z', 'PT1.5H', '2024-01-01T01:30:00.000Z'],
  ['2024-01-01T00:00:00.000Z', 'PT0,5M', '2024-01-01T00:00:30.000Z'],
  ['2024-01-01T00:00:00.000Z', 'PT0.0014S', '2024-01-01T00:00:00.001Z'],
  ['2024-01-01T00:00:00.000Z', 'PT0.1S', '2024-01-01T00:00:00.100Z'],
  ['2024-01-01T00:00:00.000Z', 'P1Y2M3DT4H5M6.007S', '2025-03-04T04:05:06.007Z'],
];

const plus = (instant: string, duration: string): string | undefined => {
  const parsed = parseDuration(duration);
  return parsed && new Date(plusDuration(Date.parse(instant), parsed)).toISOString();
};

describe('an instant and a duration', () => {
  test.each(sums)('%s and %s make %s', (instant, duration, sum) => {
    expect(plus(instant, duration)).toBe(sum);
  });

  test.each(['America/New_York', 'Asia/Kolkata', 'Pacific/Apia', 'UTC'])(
    'make the same sums on a machine in %s',
    (zone) => {
      const built = pathToFileURL(path.resolve('dist/openapi/duration.js')).href;
      const script = `
        import { parseDuration, plusDuration } from ${JSON.stringify(built)};
        const sums = ${JSON.stringify(sums)}.map(([instant, duration]) =>
          [instant, duration, new Date(plusDuration(Date.parse(instant), parseDuration(duration))).toISOString()]);
        const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
        process.stdout.write(JSON.stringify({ zone, sums }));`;
      const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
        env: { ...process.env, TZ: zone },
        encoding: 'utf8',
      });
      const ran = JSON.parse(output);
      expect(ran.zone.replace('Calcutta', 'Kolkata')).toBe(zone);
      expect(ran.sums).toEqual(sums);
    },
  );
});

describe('text that is no duration', () => {
  test.each([
    '',
    'P',
    'PT',
    'P1',
    '10M',
    'P1S',
    'PT1D',
    'p1d',
    'P1,5.5D',
    'PT1e3S',
    'ten minutes',
    '10',
    'Infinity',
    'P1DT',
    ' P1D',
    'P1D ',
    'P1D\n',
    'P-1D',
    '--P1D',
    '+P1D',
    'P1M1Y',
  ])('%j is none', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

describe('the instant that a text names', () => {
  const now = Date.parse('2024-02-28T12:00:00Z');

  test.each([
    ['PT10M', '2024-02-28T12:10:00.000Z'],
    ['-P1D', '2024-02-27T12:00:00.000Z'],
    ['P2D', '2024-03-01T12:00:00.000Z'],
    ['2024-05-06T07:08:09Z', '2024-05-06T07:08:09.000Z'],
    ['2024-05-06t07:08:09z', '2024-05-06T07:08:09.000Z'],
    ['2024-05-06T07:08:09.5Z', '2024-05-06T07:08:09.500Z'],
    ['2024-05-06T07:08:09.123999Z', '2024-05-06T07:08:09.123Z'],
    ['2024-05-06T07:08Z', '2024-05-06T07:08:00.000Z'],
    ['2024-05-06T07:08:09+05:30', '2024-05-06T01:38:09.000Z'],
    ['2024-05-06T07:08:09-04:00', '2024-05-06T11:08:09.000Z'],
    ['2024-01-01T00:00:00+14:00', '2023-12-31T10:00:00.000Z'],
    ['2024-05-06T07:08:09-00:00', '2024-05-06T07:08:09.000Z'],
    ['1969-12-31T23:59:59Z', '1969-12-31T23:59:59.000Z'],
  ])('%s is %s', (text, instant) => {
    const named = instantFrom(text, now);
    expect(named === undefined ? named : new Date(named).toISOString()).toBe(instant);
  });

  test.each([
    '',
    'tomorrow',
    '2024-05-06',
    '07:08:09',
    '2024-05-06T07:08:09',
    '2024-05-06 07:08:09Z',
    '2024-05-06T07:08:09+0530',
    '2024-05-06T07:08:09+05',
    '2024-13-01T00:00:00Z',
    '2024-05-32T00:00:00Z',
    '2024-05-06T25:00:00Z',
    '2024-05-06T07:08:09Z ',
    '+12024-05-06T07:08:09Z',
    '1714979289',
    'P1000000Y',
    '-P1000000Y',
  ])('%j is none', (text) => {
    expect(instantFrom(text, now)).toBeUndefined();
  });
});

test('the clock of this machine tells milliseconds since 1970', () => {
  const before = Date.now();
  const told = systemClock();
  expect(told).toBeGreaterThanOrEqual(before);
  expect(told).toBeLessThanOrEqual(Date.now());
});
