/** Tokens and instants of responses, held against their description and against what RFC 7519 says of every token. */

import type { Contract } from './contract.js';
import { type Place, placeIn } from './document/documents.js';
import { parseDuration, plusDuration } from './duration.js';
import { type Json, type JsonObject, pointerTokens } from './json.js';
import type { SchemaViolation } from './schema/schema.js';
import { decodeToken } from './token.js';

/** One way in which a token is not as described, or not as every token has to be. */
export type TokenViolation = SchemaViolation & {
  /** The section of the standard that says so; undefined when only the contract does. */
  readonly section: string | undefined;
  /** Whether the standard forbids it, whatever the contract says. */
  readonly byStandard: boolean;
};

/** A token in the content of a response. */
export type FoundToken = {
  readonly pointer: string;
  /** The place of the schema that describes it. */
  readonly schema: Place;
  readonly token: string;
};

/** An instant in the content of a response, of which the contract says how far ahead it lies. */
export type FoundInstant = {
  readonly pointer: string;
  readonly schema: Place;
  /** Milliseconds since 1970-01-01T00:00:00Z; undefined when the text is no instant. */
  readonly instant: number | undefined;
  /** An ISO 8601 duration. */
  readonly lifetime: string;
};

/** Every text in a value that its schema describes as a token, in the order in which they stand. */
export function responseTokens(contract: Contract, schema: Place, value: Json): readonly FoundToken[] {
  return contract.describe(schema, value).flatMap((site): readonly FoundToken[] => {
    const described = site.schemas.find((placed) => isTokenSchema(placed.schema));
    if (described === undefined || typeof site.value !== 'string') return [];
    return [{ pointer: site.pointer, schema: described.at, token: site.value }];
  });
}

/** Every date-time in a value of which its schema says how long after now it is. */
export function responseInstants(contract: Contract, schema: Place, value: Json): readonly FoundInstant[] {
  return contract.describe(schema, value).flatMap((site): readonly FoundInstant[] => {
    const described = site.schemas.find((placed) => typeof placed.schema['x-lifetime'] === 'string');
    const lifetime = described?.schema['x-lifetime'];
    if (described === undefined || typeof lifetime !== 'string' || typeof site.value !== 'string') return [];
    if (!site.schemas.some((placed) => placed.schema.format === 'date-time')) return [];
    const instant = Date.parse(site.value);
    const { pointer } = site;
    return [
      { pointer, schema: described.at, instant: Number.isNaN(instant) ? undefined : instant, lifetime },
    ];
  });
}

/** How an instant is not its lifetime after another, to within a tolerance in seconds. */
export function instantViolation(
  { pointer, schema, instant, lifetime }: FoundInstant,
  from: number,
  tolerance: number,
): TokenViolation | undefined {
  const duration = parseDuration(lifetime);
  if (duration === undefined || instant === undefined) return undefined;
  const end = plusDuration(from, duration);
  if (Math.abs(instant - end) <= tolerance * 1000) return undefined;
  const lives = `lies ${spanText((instant - from) / 1000)} ahead, not ${spanText((end - from) / 1000)}`;
  return {
    pointer,
    keyword: 'x-lifetime',
    message:
      instant < from
        ? `lies ${spanText((from - instant) / 1000)} back, not ${spanText((end - from) / 1000)} ahead`
        : lives,
    schema: placeIn(schema, 'x-lifetime'),
    section: undefined,
    byStandard: false,
  };
}

function isTokenSchema(schema: JsonObject): boolean {
  return schema.contentMediaType === 'application/jwt';
}

/**
 * How a text breaks the description of a token at a place, and how it breaks RFC 7519. All of them point to where the
 * token stands: what is inside of it is named by the message.
 */
export function tokenViolations(
  contract: Contract,
  schema: Place,
  token: string,
  pointer = '',
): readonly TokenViolation[] {
  const described = contract.describe(schema, token)[0]?.schemas ?? [];
  const at = described.find((placed) => isTokenSchema(placed.schema))?.at ?? schema;
  const decoded = decodeToken(token);
  if (decoded === undefined) {
    const message =
      'is not a JSON Web Token: three parts in base64url, of which the first two are JSON objects';
    const place = placeIn(at, 'contentMediaType');
    const section = 'RFC 7519, section 7.2';
    return [{ pointer, keyword: 'contentMediaType', message, schema: place, section, byStandard: false }];
  }
  const content = described.flatMap((placed) =>
    placed.schema.contentSchema === undefined ? [] : [placeIn(placed.at, 'contentSchema')],
  );
  const { header, claims } = decoded;
  const byContract = content.flatMap((place) =>
    contract.schemas
      .violations(place, [header, claims], 'response')
      .map((violation) => ofContent(violation, pointer)),
  );
  const byStandard = claimProblems(claims).map(
    ({ claim, message, section, isMust }): TokenViolation => ({
      pointer,
      keyword: 'contentMediaType',
      message: `claim ${claim} ${message}`,
      schema: placeIn(at, 'contentMediaType'),
      section: `RFC 7519, section ${section}`,
      byStandard: isMust,
    }),
  );
  const isDated = !byStandard.some(({ message }) => /^claim (?:exp|iat|nbf) /.test(message));
  const lifetimes = isDated ? described.flatMap((placed) => lifetimeViolation(placed, claims, pointer)) : [];
  return [...byContract, ...byStandard, ...lifetimes];
}

/** A violation of header and claims, told of the token that they stand in. */
function ofContent(
  { pointer: inside, keyword, message, schema }: SchemaViolation,
  pointer: string,
): TokenViolation {
  const [part, ...names] = pointerTokens(inside);
  const kind = part === '0' ? 'header' : part === '1' ? 'claim' : 'content';
  const whole = part === '0' ? 'header' : part === '1' ? 'claims set' : 'content';
  const subject = names.length === 0 ? whole : `${kind} ${names.join('.')}`;
  return {
    pointer,
    keyword,
    message: `${subject} ${message}`,
    schema,
    section: undefined,
    byStandard: false,
  };
}

type ClaimProblem = {
  readonly claim: string;
  readonly message: string;
  readonly section: string;
  /** Whether it breaks the standard, and does not only make the token useless. */
  readonly isMust: boolean;
};

/** Sections of the claims that are instants. */
const instants: readonly (readonly [claim: string, section: string])[] = [
  ['exp', '4.1.4'],
  ['nbf', '4.1.5'],
  ['iat', '4.1.6'],
];

/** Sections of the claims that are texts, and whether these are StringOrURI. */
const texts: readonly (readonly [claim: string, section: string, isStringOrUri: boolean])[] = [
  ['iss', '4.1.1', true],
  ['sub', '4.1.2', true],
  ['jti', '4.1.7', false],
];

/** Later than any instant in seconds that is meant, and earlier than any in milliseconds: the year 5138. */
const firstMilliseconds = 100_000_000_000;
/** A clock may be wrong by so many seconds. */
const skew = 60;

/** What RFC 7519 says of registered claims, as far as it can be seen in one token. */
function claimProblems(claims: JsonObject): readonly ClaimProblem[] {
  const dates = instants.flatMap(([claim, section]) => instantProblem(claim, claims[claim], section));
  const wrongTexts = texts.flatMap(([claim, section, isStringOrUri]) =>
    textProblem(claim, claims[claim], section, isStringOrUri),
  );
  return [
    ...dates,
    ...(dates.length > 0 ? [] : orderProblems(claims)),
    ...wrongTexts,
    ...audienceProblem(claims.aud),
  ];
}

function instantProblem(claim: string, value: Json | undefined, section: string): readonly ClaimProblem[] {
  const problem = (message: string, where: string) => [{ claim, message, section: where, isMust: true }];
  if (value === undefined) return [];
  if (typeof value !== 'number') return problem('must be a number, the seconds since 1970', section);
  if (value < 0) return problem('is negative, which is before 1970', '2');
  return value >= firstMilliseconds ? problem('is not in seconds but in milliseconds', '2') : [];
}

function orderProblems({ exp, iat, nbf }: JsonObject): readonly ClaimProblem[] {
  const problems: ClaimProblem[] = [];
  if (typeof exp === 'number' && typeof iat === 'number' && exp < iat)
    problems.push({
      claim: 'exp',
      message: 'is before iat: it is expired as it is made',
      section: '4.1.4',
      isMust: true,
    });
  if (typeof nbf === 'number' && typeof iat === 'number' && nbf > iat + skew) {
    const message = `is ${spanText(nbf - iat)} after iat: it cannot be used yet`;
    problems.push({ claim: 'nbf', message, section: '4.1.5', isMust: false });
  }
  return problems;
}

function textProblem(
  claim: string,
  value: Json | undefined,
  section: string,
  isStringOrUri: boolean,
): readonly ClaimProblem[] {
  if (value === undefined) return [];
  if (typeof value !== 'string') return [{ claim, message: 'must be a string', section, isMust: true }];
  if (!isStringOrUri || !value.includes(':') || URL.canParse(value)) return [];
  return [{ claim, message: 'has a ":" and is no URI', section: '2', isMust: true }];
}

function audienceProblem(value: Json | undefined): readonly ClaimProblem[] {
  const isText = (each: Json): boolean => typeof each === 'string';
  if (value === undefined || isText(value) || (Array.isArray(value) && value.every(isText))) return [];
  return [{ claim: 'aud', message: 'must be a string, or a list of them', section: '4.1.3', isMust: true }];
}

/** A token lives from when it was made, or from when it may be used where it does not say that. */
function lifetimeViolation(
  { schema, at }: { readonly schema: JsonObject; readonly at: Place },
  { exp, iat, nbf }: JsonObject,
  pointer: string,
): readonly TokenViolation[] {
  const lifetime = schema['x-lifetime'];
  const duration = typeof lifetime === 'string' ? parseDuration(lifetime) : undefined;
  const from = iat ?? nbf;
  if (duration === undefined || typeof from !== 'number') return [];
  const violation = (message: string): readonly TokenViolation[] => {
    const place = placeIn(at, 'x-lifetime');
    return [
      { pointer, keyword: 'x-lifetime', message, schema: place, section: undefined, byStandard: false },
    ];
  };
  const wanted = plusDuration(from * 1000, duration) / 1000 - from;
  if (exp === undefined) return violation(`never ends, and not after ${spanText(wanted)}`);
  if (typeof exp !== 'number' || exp < from || Math.abs(exp - from - wanted) <= 1) return [];
  return violation(`lives ${spanText(exp - from)}, not ${spanText(wanted)}`);
}

const units = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

/** A span of seconds as people say it: 10 days, 2 hours 20 minutes. */
function spanText(seconds: number): string {
  let rest = Math.round(Math.abs(seconds));
  const parts: string[] = [];
  for (const [unit, length] of units) {
    const count = Math.floor(rest / length);
    rest -= count * length;
    if (count > 0) parts.push(`${count.toLocaleString('en-US')} ${unit}${count === 1 ? '' : 's'}`);
  }
  return parts.length === 0 ? '0 seconds' : parts.join(' ');
}
