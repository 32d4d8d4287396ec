/** The Prefer header field (RFC 7240): what a client asks of the mock. */

import { type Field, fieldValue, type RequestMessage } from '../openapi/http/message.js';

/** The preferences that the mock knows. A status, or a range or `default`, is asked for by `code`, an example by its name. */
export type Preferences = {
  readonly code: string | undefined;
  readonly example: string | undefined;
  readonly dynamic: boolean | undefined;
  /** Seconds. */
  readonly delay: number | undefined;
};

export type ReadPreferences =
  | { readonly kind: 'preferences'; readonly preferences: Preferences }
  | { readonly kind: 'impossible'; readonly why: string };

const none: ReadPreferences = {
  kind: 'preferences',
  preferences: { code: undefined, example: undefined, dynamic: undefined, delay: undefined },
};

const longestDelay = 3600;

/** Reads the preferences of a request. Those that we do not know are ignored, as RFC 7240, section 2, has it. */
export function readPreferences(request: RequestMessage): ReadPreferences {
  const field = fieldValue(request.fields, 'prefer');
  if (field === undefined) return none;
  const asked = preferenceValues(field);
  const code = asked.get('code');
  const dynamic = asked.get('dynamic');
  const delay = asked.get('delay');
  if (code !== undefined && !/^(?:[2-5](?:\d\d|XX)|default)$/i.test(code))
    return impossible(
      `code=${code} is not the status code of a final response, 200 to 599, 2XX to 5XX or default`,
    );
  if (dynamic !== undefined && !/^(true|false)?$/.test(dynamic))
    return impossible(`dynamic=${dynamic} is neither true nor false`);
  const seconds = delay === undefined ? undefined : Number(delay);
  if (seconds !== undefined && !(/^\d+(\.\d+)?$/.test(delay ?? '') && seconds <= longestDelay)) {
    return impossible(`delay=${delay} is not a number of seconds between 0 and ${longestDelay}`);
  }
  const preferences: Preferences = {
    code,
    example: asked.get('example'),
    dynamic: dynamic === undefined ? undefined : dynamic !== 'false',
    delay: seconds,
  };
  return { kind: 'preferences', preferences };
}

const nothing: readonly Field[] = [];

/** The Preference-Applied field (RFC 7240, section 3) for what was honoured; none when nothing was. */
export function preferenceApplied({ code, example, dynamic, delay }: Partial<Preferences>): readonly Field[] {
  if (code === undefined && example === undefined && dynamic === undefined && delay === undefined)
    return nothing;
  const applied = [
    code === undefined ? [] : [`code=${code}`],
    example === undefined ? [] : [`example=${tokenOrQuoted(example)}`],
    dynamic === undefined ? [] : [`dynamic=${dynamic}`],
    delay === undefined ? [] : [`delay=${delay}`],
  ].flat();
  return applied.length === 0 ? [] : [['preference-applied', applied.join(', ')]];
}

const listMembers = /(?:[^",]|"(?:[^"\\]|\\.)*\\?(?:"|$))+/gs;
const nameAndValue = /^\s*([\w!#$%&'*+.^`|~-]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,;"]*)))?\s*(?:;|$)/s;

/**
 * Names and values of a Prefer field (RFC 7240, section 2): of a name that stands twice the first counts, what follows
 * a semicolon is a parameter of the preference before it, and an empty value is none.
 */
function preferenceValues(field: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const [member] of field.matchAll(listMembers)) {
    const [, name = '', quoted, word] = nameAndValue.exec(member) ?? [];
    const key = name.toLowerCase();
    if (key !== '' && !values.has(key)) values.set(key, quoted?.replace(/\\(.)/gs, '$1') ?? word ?? '');
  }
  return values;
}

function tokenOrQuoted(text: string): string {
  return /^[\w.-]+$/.test(text) ? text : `"${text.replace(/["\\]/g, '\\$&')}"`;
}

function impossible(why: string): ReadPreferences {
  return { kind: 'impossible', why };
}
