/** Inputs: each source by itself, with real commands, and which of several answers. */

import { execFileSync } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  environmentInputs,
  firstOf,
  freshInputs,
  givenInputs,
  type InputAnswer,
  type InputAsk,
  type InputSource,
  promptInputs,
} from '../../conformance/input/input.js';
import { commandInputs, shellCommand } from '../../conformance/input/input-command.js';
import { inputPool, poolOf, readInputs } from '../../conformance/input/input-pool.js';
import { ContractError } from '../../openapi/contract-error.js';
import type { Json } from '../../openapi/json.js';

function ask(name: string, more: Partial<InputAsk> = {}): InputAsk {
  const signal = new AbortController().signal;
  return { name, for: {}, use: 1, schema: { type: 'string' }, signal, ...more };
}

const value = (given: Json, fresh = false): InputAnswer => ({ kind: 'value', value: given, fresh });
const because = (reason: string): InputAnswer => ({ kind: 'none', reason });
const phone = '919743256789';

describe('values given by name', () => {
  it('are given again and again', async () => {
    const source = givenInputs({ otp: '01234' });
    expect([await source(ask('otp')), await source(ask('otp', { use: 2 }))]).toEqual([
      value('01234'),
      value('01234'),
    ]);
  });

  it('are given once when they are good once', async () => {
    const source = givenInputs({ otp: '01234', phone_number: phone }, new Set(['otp']));
    expect(await source(ask('otp'))).toEqual(value('01234'));
    expect(await source(ask('otp'))).toEqual(
      because('the only value given for otp is used, and it is good once'),
    );
    expect(await source(ask('phone_number'))).toEqual(value(phone));
    expect(await source(ask('phone_number'))).toEqual(value(phone));
  });

  it.each(['toString', '__proto__', 'other'])('have nothing for %s', async (name) => {
    expect(await givenInputs({ otp: '1' })(ask(name))).toEqual(because(`no value is given for ${name}`));
  });

  it.each<[given: Json, schema: InputAsk['schema'], answer: Json]>([
    ['01234', { type: 'string' }, '01234'],
    ['1234', {}, '1234'],
    ['1234', { type: 'integer' }, 1234],
    ['01234', { type: 'integer' }, '01234'],
    ['1234', { type: ['string', 'integer'] }, '1234'],
    ['true', { type: ['boolean', 'null'] }, true],
    ['12', { type: 'boolean' }, '12'],
    ['{"a":1}', { type: 'object' }, { a: 1 }],
    ['[1]', { anyOf: [{ type: 'array' }, { type: 'null' }] }, [1]],
    [48793, { type: 'string' }, '48793'],
    [48793, { type: ['string', 'number'] }, 48793],
    [{ a: 1 }, { type: 'string' }, { a: 1 }],
  ])('%j where the schema says %j is %j', async (given, schema, answer) => {
    expect(await givenInputs({ x: given })(ask('x', { schema }))).toEqual(value(answer));
  });
});

describe('values of the environment', () => {
  const env = { COUNTERFOIL_INPUT_OTP: '01234', COUNTERFOIL_INPUT_REFRESH_TOKEN: 'abc', OTP: '1' };

  it.each(['refresh_token', 'refresh-token', 'refreshToken'])('are found by %s', async (name) => {
    expect(await environmentInputs(env)(ask(name))).toEqual(value('abc'));
  });

  it('are those with the prefix, and not empty', async () => {
    const source = environmentInputs({ OTP: '1', COUNTERFOIL_INPUT_OTP: '', COUNTERFOIL_INPUT_A: undefined });
    for (const name of ['otp', 'a']) expect(await source(ask(name))).toMatchObject({ kind: 'none' });
  });

  it('are given once when they are good once', async () => {
    const source = environmentInputs(env, new Set(['otp']));
    expect(await source(ask('otp'))).toEqual(value('01234'));
    expect(await source(ask('otp'))).toMatchObject({ kind: 'none' });
  });
});

const accounts = `
- phone_number: 919000000001
  otp: 01234
- { phone_number: 919000000002, "otp": "00002" }
- phone_number: '919000000003' # no OTP
`;

describe('a pool of sets', () => {
  const pool = (): InputSource => inputPool(readInputs('accounts.yaml', accounts));

  it('is spent set by set, numbers as they are written', async () => {
    const source = pool();
    const answers = [];
    for (let use = 1; use <= 4; use += 1) answers.push(await source(ask('phone_number', { use })));
    expect(answers).toEqual([
      value('919000000001'),
      value('919000000002'),
      value('919000000003'),
      because('all 3 sets of accounts.yaml are used'),
    ]);
  });

  it('answers for a phone number from its own set', async () => {
    const source = pool();
    const otpFor = (number: Json) => source(ask('otp', { for: { phone_number: number } }));
    expect(await otpFor('919000000002')).toEqual(value('00002'));
    expect(await otpFor('919000000001')).toEqual(value('01234'));
    expect(await otpFor(919000000001)).toEqual(because('the otp of set 1 of accounts.yaml is used'));
    expect(await otpFor('919000000003')).toEqual(
      because('accounts.yaml has no set for phone_number 919000000003'),
    );
  });

  it('keeps the set of a cast together, and gives no other cast a part of it', async () => {
    const source = pool();
    expect(await source(ask('otp', { cast: 'b' }))).toEqual(value('01234'));
    expect(await source(ask('phone_number', { cast: 'a' }))).toEqual(value('919000000002'));
    expect(await source(ask('phone_number', { cast: 'b' }))).toEqual(value('919000000001'));
    expect(await source(ask('otp', { cast: 'a' }))).toEqual(value('00002'));
    expect(await source(ask('otp', { cast: 'c' }))).toMatchObject({ kind: 'none' });
    expect(await source(ask('phone_number', { cast: 'c' }))).toEqual(value('919000000003'));
    expect(await source(ask('otp', { cast: 'c' }))).toEqual(
      because('the set of accounts.yaml that is in use has no otp'),
    );
  });

  it('begins a set for a cast that nobody has begun', async () => {
    const source = pool();
    expect(await source(ask('phone_number'))).toEqual(value('919000000001'));
    expect(await source(ask('otp', { cast: 'a' }))).toEqual(value('00002'));
    expect(await source(ask('otp'))).toEqual(value('01234'));
  });

  it('gives a cast that begins with a number the rest of its set', async () => {
    const source = pool();
    const about = { for: { phone_number: '919000000002' }, cast: 'a' };
    expect(await source(ask('otp', about))).toEqual(value('00002'));
    expect(await source(ask('phone_number', { cast: 'a' }))).toEqual(value('919000000002'));
    expect(await source(ask('phone_number', { cast: 'b' }))).toEqual(value('919000000001'));
  });

  it('gives the next OTP of a phone number that has several', async () => {
    const text = '[{"phone": "1", "otp": "a"}, {"phone": "2", "otp": "b"}, {"phone": "1", "otp": "c"}]';
    const source = inputPool(readInputs('pool.json', text));
    const otp = () => source(ask('otp', { for: { phone: '1' } }));
    expect([await otp(), await otp(), await otp()]).toEqual([
      value('a'),
      value('c'),
      because('all otp of sets 1, 3 of pool.json are used'),
    ]);
  });

  it('has nothing of a name that no set has', async () => {
    expect(await pool()(ask('token'))).toEqual(because('no value is given for token'));
  });

  it('keeps numbers for a schema that asks for one, and what a long one is written as', async () => {
    const text = '[{ "pin": 7, "card": 12345678901234567890 }]';
    const number = inputPool(readInputs('pool.json', text));
    expect(await number(ask('pin', { schema: { type: 'integer' } }))).toEqual(value(7));
    expect(await number(ask('card'))).toEqual(value('12345678901234567890'));
  });

  it('may come from a configuration', async () => {
    const source = inputPool(poolOf('the configuration', [{ pin: 7 }, { pin: 8 }]));
    expect([await source(ask('pin')), await source(ask('pin')), await source(ask('pin'))]).toEqual([
      value('7'),
      value('8'),
      because('all 2 sets of the configuration are used'),
    ]);
  });
});

describe('a file of values', () => {
  it('is used again and again, but for what is good once', async () => {
    const source = inputPool(readInputs('values.yaml', 'otp: 01234\nphone: "1"\n'), new Set(['otp']));
    expect([await source(ask('phone')), await source(ask('phone'))]).toEqual([value('1'), value('1')]);
    expect([await source(ask('otp')), await source(ask('otp'))]).toMatchObject([
      value('01234'),
      { kind: 'none' },
    ]);
  });

  it.each([
    ['text', 'otp', 'inputs.yaml:1:1: inputs must be an object'],
    ['nothing', '', 'inputs.yaml:1:1: inputs must be an object'],
    ['an empty list', '[]', 'inputs.yaml:1:1: a list of inputs must hold objects'],
    ['a list of texts', '- { otp: "1" }\n- x', 'inputs.yaml:2:3: a list of inputs must hold objects'],
    ['broken YAML', 'a: 1\nb: [', 'inputs.yaml:2:5: a closing ] is missing'],
  ])('cannot be %s', (_, text, message) => {
    expect(() => readInputs('inputs.yaml', text)).toThrow(ContractError);
    expect(() => readInputs('inputs.yaml', text)).toThrow(message);
  });
});

async function temporary(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'counterfoil-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

describe('a command', () => {
  it('is run for each use, and what it prints, trimmed, is the value', async () => {
    const folder = await temporary();
    const script = 'echo "$1" >> asked; printf "  0%s\\n\\n" "$(wc -l < asked | tr -d " ")"';
    await writeFile(path.join(folder, 'get-otp'), script);
    const source = commandInputs({ otp: 'sh ./get-otp {phone_number}' }, { folder });
    const about = { for: { phone_number: phone } };
    expect(await source(ask('otp', about))).toEqual(value('01'));
    expect(await source(ask('otp', about))).toEqual(value('02'));
    expect(await readFile(path.join(folder, 'asked'), 'utf8')).toBe(`${phone}\n${phone}\n`);
  });

  const hostile = [
    `a'b"c`,
    '$(touch hit)',
    '`touch hit`',
    'x; touch hit',
    '-n',
    '*',
    'two  words',
    '\\',
    '日本',
  ];
  const templates = [
    'printf %s {x}',
    'printf %s "{x}"',
    "printf %s '{x}'",
    'printf %s pre{x}post',
    'printf %s "$(printf %s {x})"',
    'printf %s "$(printf %s \'{x}\')"',
    '(printf %s "{x}")',
    "printf '%s' '\\' {x}",
  ];

  it.each(templates)('%s takes any text as text', async (template) => {
    const folder = await temporary();
    const source = commandInputs({ otp: template }, { folder });
    for (const text of hostile) {
      const answer = await source(ask('otp', { for: { x: text } }));
      const given = answer.kind === 'value' ? String(answer.value) : answer.reason;
      expect(given.replace(/^pre|post$/g, '').replace(/^\\(?=.)/, '')).toBe(text.replace(/^\\(?=.)/, ''));
    }
    await expect(readFile(path.join(folder, 'hit'))).rejects.toThrow('ENOENT');
  });

  it('gets what is no text as JSON', async () => {
    const source = commandInputs({ otp: 'printf %s {x}' });
    expect(await source(ask('otp', { for: { x: { a: [1] } } }))).toEqual(value('{"a":[1]}'));
  });

  it('leaves braces alone that are no placeholder', () => {
    const kept = `echo \${HOME} \\{x} '{print}' { a; }`;
    expect(shellCommand(kept, { x: '1' })).toEqual({ script: kept, values: ['1'] });
  });

  it.each([
    [{}, 'its command asks for {phone}, and it depends on nothing'],
    [{ phone_number: '1', b: '2' }, 'its command asks for {phone}, and there is only {phone_number}, {b}'],
  ])('is not run with a placeholder that has no value in %j', async (about, reason) => {
    expect(await commandInputs({ otp: 'echo "{phone}"' })(ask('otp', { for: about }))).toEqual(
      because(reason),
    );
  });

  it.each([
    ['echo one >&2; echo "no such number" >&2; echo >&2; exit 3', 'no such number'],
    ['exit 3', 'the command for otp ended with exit code 3'],
    ['echo 123; exit 1', 'the command for otp ended with exit code 1'],
    ['true', 'the command for otp printed nothing'],
    ['echo " "', 'the command for otp printed nothing'],
    ['kill -9 $$', 'the command for otp was ended by SIGKILL'],
    ['yes', 'the command for otp printed too much'],
  ])('%s gives no value', async (command, reason) => {
    expect(await commandInputs({ otp: command })(ask('otp'))).toEqual(because(reason));
  });

  it('gives no value where it cannot be run', async () => {
    const elsewhere = commandInputs({ otp: 'echo 1' }, { folder: '/nowhere/at/all' });
    expect(await elsewhere(ask('otp'))).toMatchObject({ reason: expect.stringContaining('cannot be run') });
    const source = commandInputs({ otp: 'echo {x}' });
    expect(await source(ask('otp', { for: { x: 'a\0b' } }))).toEqual(
      because('the command for otp cannot be run: a value holds a null character'),
    );
    expect(await source(ask('token'))).toEqual(because('no value is given for token'));
  });

  it.each<[what: string, reason: string, timeLimit: number]>([
    ['its time limit', 'the command for otp took longer than 0.5 s', 500],
    ['the end of the run', 'the run was stopped', 60_000],
  ])('is ended by %s, with all that it has started', async (_, reason, timeLimit) => {
    const folder = await temporary();
    const pipe = path.join(folder, 'pipe');
    execFileSync('sh', ['-c', 'mkfifo pipe'], { cwd: folder });
    // The pipe ends when the last process that holds it does.
    const otp = "sh -c 'exec 3>pipe; echo started >&3; sleep 60' | cat";
    const stop = new AbortController();
    const answer = commandInputs({ otp }, { folder, timeLimit })(ask('otp', { signal: stop.signal }));
    let said = '';
    for await (const text of createReadStream(pipe, 'utf8')) {
      said += text;
      if (timeLimit > 500) stop.abort();
    }
    expect([said, await answer]).toEqual(['started\n', because(reason)]);
  });
});

describe('a person', () => {
  it('is asked one question at a time, and told what it is about', async () => {
    const asked: [string, boolean][] = [];
    let open = 0;
    const source = promptInputs(async (question, secret) => {
      open += 1;
      expect(open).toBe(1);
      asked.push([question, secret]);
      await new Promise(setImmediate);
      open -= 1;
      return ` ${asked.length} `;
    });
    const answers = await Promise.all([
      source(ask('otp', { for: { phone_number: phone } })),
      source(ask('refresh_token')),
      source(ask('pin', { schema: { type: 'string', format: 'password' } })),
    ]);
    expect(answers).toEqual([value('1'), value('2'), value('3')]);
    expect(asked).toEqual([
      [`otp for phone_number ${phone}`, false],
      ['refresh_token', true],
      ['pin', true],
    ]);
  });

  it.each<[what: string, answer: () => Promise<string | undefined>]>([
    ['nothing', async () => ''],
    ['no answer', async () => undefined],
    ['a closed terminal', () => Promise.reject(new Error('closed'))],
  ])('is not asked again after %s', async (_, answer) => {
    let times = 0;
    const source = promptInputs(() => {
      times += 1;
      return answer();
    });
    const reason = because('nobody gave a value for otp');
    expect([await source(ask('otp')), await source(ask('otp')), times]).toEqual([reason, reason, 1]);
  });

  it('is not waited for when the run is stopped', async () => {
    const stop = new AbortController();
    const source = promptInputs(() => new Promise(() => stop.abort()));
    expect(await source(ask('otp', { signal: stop.signal }))).toMatchObject({ kind: 'none' });
    expect(await source(ask('phone', { signal: stop.signal }))).toEqual(because('the run was stopped'));
  });
});

describe('the first of several sources', () => {
  it('that has a value gives it, and the others are not asked', async () => {
    let asked = 0;
    const source = firstOf([
      givenInputs({ a: '1' }),
      inputPool(poolOf('pool', [{ a: 'x', b: '2' }])),
      promptInputs(async () => {
        asked += 1;
        return String(asked);
      }),
    ]);
    expect(await source(ask('a'))).toEqual(value('1'));
    expect(await source(ask('b'))).toEqual(value('2'));
    expect(asked).toBe(0);
    expect(await source(ask('b'))).toEqual(value('1'));
  });

  it('says why none has one, and nothing twice', async () => {
    const none =
      (reason: string): InputSource =>
      async () =>
        because(reason);
    const nothing = givenInputs({});
    expect(await firstOf([nothing, none('x'), none('y'), none('x'), nothing])(ask('otp'))).toEqual(
      because('x; y'),
    );
    expect(await firstOf([nothing, nothing])(ask('otp'))).toEqual(because('no value is given for otp'));
    expect(await firstOf([])(ask('otp'))).toEqual(because('no value is given for otp'));
  });

  it('asks nobody when the run is stopped', async () => {
    const signal = AbortSignal.abort();
    expect(await firstOf([givenInputs({ a: '1' })])(ask('a', { signal }))).toEqual(
      because('the run was stopped'),
    );
  });

  it('is fresh where the user says so', async () => {
    const source = freshInputs(new Set(['a', 'c']), givenInputs({ a: '1', b: '2' }));
    expect([await source(ask('a')), await source(ask('b'))]).toEqual([value('1', true), value('2')]);
    expect(await source(ask('c'))).toMatchObject({ kind: 'none' });
  });
});
