/** What the values of flags must look like. */

import { InvalidArgumentError } from 'commander';
import { describe, expect, test } from 'vitest';
import {
  readAmount,
  readDelay,
  readField,
  readHost,
  readLevel,
  readNamed,
  readOrigins,
  readOtp,
  readPort,
  readReport,
  readSecret,
  readSeed,
  readToken,
} from '../../cli/flag.js';

type Read = (text: string) => unknown;

const taken: readonly (readonly [Read, text: string, value: unknown])[] = [
  [readPort, '0', 0],
  [readPort, '65535', 65_535],
  [readSeed, '4294967295', 4_294_967_295],
  [readHost, '::1', '::1'],
  [readHost, 'my-mac.local', 'my-mac.local'],
  [readOtp, '00000', '00000'],
  [readSecret, ' ', ' '],
  [readDelay, '0.5', 0.5],
  [readDelay, '3600', 3600],
  [readToken, 'a-Z_0.9~+/==', 'a-Z_0.9~+/=='],
  [readOrigins, '*', true],
  [readAmount, '1', 1],
  [readNamed, 'otp=a=b ', ['otp', 'a=b ']],
  [readNamed, ' otp =', ['otp', '']],
  [readField, 'X-Tenant:  a: b ', ['X-Tenant', 'a: b']],
  [readLevel, 'error-leak=note', ['error-leak', 'note']],
  [readReport, 'junit:out/a.xml', 'junit:out/a.xml'],
  [readReport, 'terminal', 'terminal'],
  [
    readOrigins,
    'HTTP://Localhost:5173, https://a.example:443',
    ['http://localhost:5173', 'https://a.example'],
  ],
  [readOrigins, 'capacitor://localhost', ['capacitor://localhost']],
];

const refused: readonly (readonly [Read, texts: readonly string[], advice: string])[] = [
  [readAmount, ['0', '-1', '1.5', ''], 'Give a whole number from 1 on.'],
  [readNamed, ['otp', '=1', ' =1'], 'Give a name and a value: otp=12345.'],
  [
    readField,
    ['X-Tenant', ': a', 'X T: a', 'X: a\nY: b'],
    "Give a field, its name and its value: 'X-Tenant: a'.",
  ],
  [readLevel, ['error-leak=warn'], 'Give a check and off, note or error: challenge-present=off.'],
  [readReport, ['junit:'], 'Give a file after the colon, or junit alone for standard output.'],
  [readPort, ['', '-1', '65536', '80a', '1e3', '0x50'], 'Give a number from 0 to 65535; 0 is any free port.'],
  [readSeed, ['', '-1', '1.5', '4294967296'], 'Give a whole number from 0 to 4294967295.'],
  [
    readHost,
    ['', 'http://a', 'a b', 'a/b'],
    'Give an address alone, such as 127.0.0.1, 0.0.0.0, ::1 or localhost.',
  ],
  [readOtp, ['', '12a', '-1', '١٢٣'], 'Give digits alone, for example 00000.'],
  [readSecret, [''], 'Give at least one character.'],
  [readDelay, ['', '-1', '3600.5', '.', '1s', 'Infinity'], 'Give seconds from 0 to 3600, for example 0.5.'],
  [readToken, ['', 'a b', 'é', '='], 'Give letters, digits and -._~+/ alone.'],
  [
    readOrigins,
    ['', 'localhost:3000', 'http://a/', 'http://a,', 'http://', 'matar'],
    'is no origin. Give scheme, host and port',
  ],
];

describe('the value of a flag', () => {
  test.each(taken.map(([read, text, value]) => ({ read, text, value, name: read.name })))(
    '$name takes $text',
    ({ read, text, value }) => {
      expect(read(text)).toEqual(value);
    },
  );

  test.each(
    refused.flatMap(([read, texts, advice]) =>
      texts.map((text) => ({ read, text, advice, name: read.name })),
    ),
  )('$name refuses "$text" and says what to write', ({ read, text, advice }) => {
    expect(() => read(text)).toThrow(InvalidArgumentError);
    expect(() => read(text)).toThrow(advice);
  });
});
