/** What is believed of a server: what its fixtures, its answers, its messages and other people have told. */

import { describe, expect, test } from 'vitest';
import { type Beliefs, createBeliefs } from '../../conformance/judge/beliefs.js';
import type { Json } from '../../openapi/json.js';
import { isUnknown, known, type Unknown, unknown } from '../../openapi/rules/unknown.js';
import { contractFrom, noon } from './judging.js';

const contract = await contractFrom(`
x-state:
  users: { '91': { name: Sri } }
  tokens: {}
paths: {}
`);

const believing = (): Beliefs => createBeliefs(contract, () => noon, 500);
const put = (key: string, value: Json) =>
  ({ kind: 'put', collection: 'users', key, entry: { value, expiresAt: noon } }) as const;

describe('what is believed', () => {
  test('of a server nobody has spoken to is nothing', () => {
    expect(believing().get('tokens', '91')).toBeUndefined();
    expect(believing().get('users', '92')).toBeUndefined();
    expect(believing().get('none', '91')).toBeUndefined();
  });

  test('of a fixture of the contract is that it may be there, whatever it is', () => {
    const entry = believing().get('users', '91');
    expect(entry).toMatchObject({ expiresAt: undefined, doubtful: true });
    expect(isUnknown(entry?.value)).toBe(true);
  });

  test('of a text from outside is that it may be the key of anything', () => {
    const beliefs = believing();
    beliefs.given('T');
    expect([beliefs.get('tokens', 'T')?.doubtful, beliefs.get('users', 'T')?.doubtful]).toEqual([true, true]);
    expect(beliefs.get('tokens', 'T2')).toBeUndefined();
  });

  test('of a collection in which something was put nobody knows where is that any key may be there', () => {
    const beliefs = believing();
    beliefs.apply([put('92', 1), { kind: 'remove', collection: 'users', key: '93' }]);
    beliefs.doubtAll('users');
    expect(beliefs.get('users', '92')).toEqual({ value: 1, expiresAt: noon });
    expect([beliefs.get('users', '93')?.doubtful, beliefs.get('users', '94')?.doubtful]).toEqual([
      true,
      true,
    ]);
    expect(beliefs.get('tokens', '94')).toBeUndefined();
  });

  test('of a doubtful entry is the same each time it is looked at', () => {
    const beliefs = believing();
    expect(beliefs.get('users', '91')).toBe(beliefs.get('users', '91'));
  });

  test('is what the changes say, the last one before those that came earlier', () => {
    const beliefs = believing();
    beliefs.given('T');
    beliefs.apply([put('91', 1), put('T', 2), put('T', 3)]);
    expect(beliefs.get('users', '91')).toEqual({ value: 1, expiresAt: noon });
    expect(beliefs.get('users', 'T')).toEqual({ value: 3, expiresAt: noon });
    expect(beliefs.get('tokens', 'T')?.doubtful).toBe(true);
    beliefs.apply([{ kind: 'remove', collection: 'users', key: '91' }]);
    expect(beliefs.get('users', '91')).toBeUndefined();
    beliefs.given('91');
    expect(beliefs.get('users', '91')).toBeUndefined();
  });

  test('is nothing of an entry that is doubted', () => {
    const beliefs = believing();
    beliefs.apply([put('91', 1)]);
    beliefs.doubt('users', '91');
    beliefs.doubt('tokens', 'new');
    expect(beliefs.get('users', '91')).toMatchObject({ doubtful: true, expiresAt: undefined });
    expect(isUnknown(beliefs.get('users', '91')?.value)).toBe(true);
    expect(beliefs.get('tokens', 'new')?.doubtful).toBe(true);
  });

  test('of the clock is what this one says, moved as often as that one was', () => {
    const beliefs = believing();
    expect([beliefs.now(), beliefs.tolerance]).toEqual([noon, 500]);
    beliefs.moved(1000);
    beliefs.moved(-300);
    expect(beliefs.now()).toBe(noon + 700);
  });
});

describe('a value that is told', () => {
  const send = (to: string, content: Json) => ({ channel: 'sms', to, content });
  const told = (member: string, to: readonly string[], messages: readonly (readonly [string, string])[]) => {
    const beliefs = believing();
    const values = messages.map(([receiver, name]): Unknown => {
      const value = unknown();
      beliefs.sent([send(receiver, { [name]: value, text: 'Hello' })]);
      return value;
    });
    beliefs.told(member, to, '48793');
    return values.map((value) => (isUnknown(known(value)) ? 'unknown' : known(value)));
  };

  test.for<
    [
      name: string,
      member: string,
      to: readonly string[],
      messages: readonly (readonly [string, string])[],
      values: readonly Json[],
    ]
  >([
    ['is that of the message to who it is about', 'otp', ['91'], [['91', 'otp']], ['48793']],
    ['is that of one of those it may be about', 'otp', ['x', '91'], [['91', 'otp']], ['48793']],
    [
      'is that of the latest message',
      'otp',
      ['91'],
      [
        ['91', 'otp'],
        ['91', 'otp'],
      ],
      ['unknown', '48793'],
    ],
    [
      'is that of no message to another',
      'otp',
      ['91'],
      [
        ['91', 'otp'],
        ['92', 'otp'],
      ],
      ['48793', 'unknown'],
    ],
    [
      'is that of the latest message that has it',
      'otp',
      ['91'],
      [
        ['91', 'otp'],
        ['91', 'link'],
      ],
      ['48793', 'unknown'],
    ],
    ['is nobody’s when it is of another name', 'code', ['91'], [['91', 'otp']], ['unknown']],
    ['is nobody’s when nothing was sent', 'otp', ['91'], [], []],
  ])('%s', ([, member, to, messages, values]) => {
    expect(told(member, to, messages)).toEqual(values);
  });

  test('changes nothing that was known, and nothing in a message without members', () => {
    const beliefs = believing();
    const content = { otp: '1' };
    beliefs.sent([send('91', content), send('92', 'text'), send('93', null), send('94', ['otp'])]);
    for (const to of ['91', '92', '93', '94']) beliefs.told('otp', [to], '2');
    expect(content).toEqual({ otp: '1' });
  });
});
