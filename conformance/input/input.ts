/** Where the values come from that only a person or another system can give: an OTP, a test phone number, a token. */

import { asObject, isObject, type Json, type JsonObject } from '../../openapi/json.js';

/** What is asked for. */
export type InputAsk = {
  readonly name: string;
  /** What the answer depends on: the phone number that an OTP was sent to. */
  readonly for: Readonly<Record<string, Json>>;
  /** The how-manieth time it is asked for in this run, from 1 on. */
  readonly use: number;
  readonly schema: JsonObject;
  readonly signal: AbortSignal;
  /** Asks with the same cast are about the same person: their values come from one set, where there are sets. */
  readonly cast?: string | undefined;
  /** Which of several of one workflow the value is of: `other`. Undefined: the first. */
  readonly whose?: string | undefined;
  /** Whether the state rules say that the server takes a value no more. */
  readonly isSpent?: (value: Json) => boolean;
};

export type InputAnswer =
  /** `fresh` says that the server cannot know the value yet. */
  | { readonly kind: 'value'; readonly value: Json; readonly fresh: boolean }
  | { readonly kind: 'none'; readonly reason: string };

/** Answers, or says why it cannot. It never rejects. */
export type InputSource = (ask: InputAsk) => Promise<InputAnswer>;

/** Asks a person. `secret` says that what is typed should not be shown; undefined is no answer. `signal` ends the asking. */
export type Prompt = (question: string, secret: boolean, signal: AbortSignal) => Promise<string | undefined>;

/** The sources as one, in order of precedence. Where none has a value, all that they say about it is the reason. */
export function firstOf(sources: readonly InputSource[]): InputSource {
  return async (ask) => {
    const reasons = new Set<string>();
    for (const source of sources) {
      if (ask.signal.aborted) return none('the run was stopped');
      const answer = await source(ask);
      if (answer.kind === 'value') return answer;
      reasons.add(answer.reason);
    }
    if (reasons.size > 1) reasons.delete(notGiven(ask).reason);
    return reasons.size === 0 ? notGiven(ask) : none([...reasons].join('; '));
  };
}

/**
 * Values given beforehand, by name. Each may be used again and again, unless its name is in `once`, or the state rules say
 * that the server takes it no more.
 */
export function givenInputs(
  values: Readonly<Record<string, Json>>,
  once: ReadonlySet<string> = new Set(),
): InputSource {
  const used = new Set<string>();
  return async (ask) => {
    const value = Object.hasOwn(values, ask.name) ? values[ask.name] : undefined;
    if (value === undefined) return notGiven(ask);
    if (used.has(ask.name) && (once.has(ask.name) || ask.isSpent?.(value) === true)) {
      return none(`the only value given for ${ask.name} is used, and it is good once`);
    }
    used.add(ask.name);
    return valueFor(ask, value);
  };
}

const environmentPrefix = 'COUNTERFOIL_INPUT_';

/** Values of the environment: `COUNTERFOIL_INPUT_REFRESH_TOKEN` is `refresh_token`, `refresh-token` and `refreshToken`. */
export function environmentInputs(
  env: Readonly<Record<string, string | undefined>>,
  once: ReadonlySet<string> = new Set(),
): InputSource {
  const values = new Map<string, string>();
  for (const [name, value] of Object.entries(env)) {
    if (!name.startsWith(environmentPrefix) || value === undefined || value === '') continue;
    values.set(plainName(name.slice(environmentPrefix.length)), value);
  }
  const sources = new Map<string, InputSource>();
  return async (ask) => {
    const value = values.get(plainName(ask.name));
    if (value === undefined) return notGiven(ask);
    const source = sources.get(ask.name) ?? givenInputs({ [ask.name]: value }, once);
    sources.set(ask.name, source);
    return source(ask);
  };
}

/** Asks a person, one question at a time. Who gives no answer is not asked the same again. */
export function promptInputs(prompt: Prompt): InputSource {
  let last: Promise<unknown> = Promise.resolve();
  const declined = new Set<string>();
  const answer = async (ask: InputAsk): Promise<InputAnswer> => {
    const question = questionOf(ask);
    if (ask.signal.aborted) return none('the run was stopped');
    if (declined.has(question)) return none(`nobody gave a value for ${question}`);
    const text = (await untilAborted(prompt(question, isSecret(ask), ask.signal), ask.signal))?.trim();
    if (text !== undefined && text !== '') return valueFor(ask, text);
    declined.add(question);
    return none(`nobody gave a value for ${question}`);
  };
  return (ask) => {
    const next = last.then(() => answer(ask));
    last = next;
    return next;
  };
}

/** The source, whose values for these names are fresh: the user says that the server does not know them. */
export function freshInputs(names: ReadonlySet<string>, source: InputSource): InputSource {
  return async (ask) => {
    const answer = await source(ask);
    return answer.kind === 'value' && names.has(ask.name) ? { ...answer, fresh: true } : answer;
  };
}

/**
 * A given value as the answer, of the type that the schema asks for where its text says so: `5` for an integer. Text
 * stays text where the schema takes text, so that an OTP 01234 keeps its zero.
 */
export function valueFor({ schema }: InputAsk, value: Json): InputAnswer {
  return { kind: 'value', value: ofType(value, schema), fresh: false };
}

/** The answer of a source that has nothing of this name; `firstOf` tells it only where no source has more to say. */
export function notGiven({ name }: InputAsk): InputAnswer & { readonly kind: 'none' } {
  return none(`no value is given for ${name}`);
}

/** No value, and why: a sentence without a full stop. */
export function none(reason: string): InputAnswer & { readonly kind: 'none' } {
  return { kind: 'none', reason };
}

/** A value in a message or a command: text as it is, anything else as JSON. */
export function inputText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What the answer depends on, in words: `phone_number 919743256789`; empty when it depends on nothing. */
export function dependsText(depends: InputAsk['for']): string {
  return Object.entries(depends)
    .map(([name, value]) => `${name} ${inputText(value)}`)
    .join(', ');
}

/** A name without what spellings differ in: `refresh_token`, `refresh-token` and `refreshToken` are one. */
export function plainName(name: string): string {
  return name.replace(/[^\p{L}\p{N}]/gu, '').toLowerCase();
}

/** Whether the schema takes values of a type, as far as its own `type` and alternatives say. */
export function takesType(schema: JsonObject, type: string): boolean {
  if (schema.type !== undefined) return [schema.type].flat().some((each) => each === type);
  const alternatives = [schema.anyOf, schema.oneOf].flatMap((each) => (Array.isArray(each) ? each : []));
  return alternatives.length === 0 || alternatives.some((each: Json) => takesType(asObject(each), type));
}

function ofType(value: Json, schema: JsonObject): Json {
  const isNumber = typeof value === 'number' || typeof value === 'boolean';
  if (isNumber && takesType(schema, 'string')) {
    return ['number', 'integer', 'boolean'].some((type) => takesType(schema, type)) ? value : String(value);
  }
  if (typeof value !== 'string' || takesType(schema, 'string')) return value;
  const read = readJson(value);
  const fits =
    (typeof read === 'number' && (takesType(schema, 'number') || takesType(schema, 'integer'))) ||
    (typeof read === 'boolean' && takesType(schema, 'boolean')) ||
    (isObject(read) && takesType(schema, 'object')) ||
    (Array.isArray(read) && takesType(schema, 'array'));
  return fits ? (read ?? value) : value;
}

function readJson(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function questionOf({ name, for: depends, whose }: InputAsk): string {
  const dependence = dependsText(depends);
  if (dependence !== '') return `${name} for ${dependence}`;
  return whose === undefined ? name : `${name} (${whose})`;
}

/** Whether a name or schema says that nobody else may see the value. An OTP is gone when it is used, and may be seen. */
function isSecret({ name, schema }: InputAsk): boolean {
  return (
    schema.format === 'password' ||
    schema.writeOnly === true ||
    /password|passphrase|secret|token|credential|apikey|(?:^|_)pin(?:$|_)/i.test(name)
  );
}

async function untilAborted(
  answer: Promise<string | undefined>,
  signal: AbortSignal,
): Promise<string | undefined> {
  let stop = (): void => {};
  const stopped = new Promise<undefined>((resolve) => {
    stop = () => resolve(undefined);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
  try {
    return await Promise.race([answer.catch(() => undefined), stopped]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
