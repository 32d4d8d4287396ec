/** Answers tell nothing of the inside of the server, and no secrets. */

import type { Check, Deviation, Exchange } from '../check.js';
import { leaks } from './reading/leaks.js';
import { sentTexts } from './reading/request.js';
import { isSuccess, leavesOf, textOf } from './reading/response.js';
import { isToken, mayBeKey, signingKeyIn } from './reading/signing-key.js';
import { shortened } from './reading/words.js';

/**
 * Reports stack traces, statements and messages of databases, paths of sources, debugger pages, private keys, the key that
 * tokens are signed with, and secrets of the run in answers that are not meant to carry them. What the client itself has
 * sent is no secret to it, and the name of the server's software none either.
 */
export const errorLeak: Check = {
  name: 'error-leak',
  promise: 'No answer tells of stack traces, statements, paths, keys or secrets.',
  specification: {
    sentence: 'Details of an error that help an attacker, such as stack traces, are not for the response.',
    section: 'RFC 9457, section 5, and CWE-209',
  },
  severity: 'error',
  begin: () => {
    const tokens: string[] = [];
    const noKeys = new Set<string>();
    const secrets = new Set<string>();
    return (exchange) => {
      const texts = textsOf(exchange);
      for (const text of texts) {
        if (!isToken(text) || tokens.length >= mostTokens) continue;
        tokens.push(text);
        noKeys.clear();
      }
      const deviation =
        leakIn(exchange, texts) ??
        keyIn(exchange, texts, tokens, noKeys) ??
        secretIn(exchange, texts, secrets);
      // What an answer is the first to tell is known only after it.
      for (const secret of exchange.secrets) secrets.add(secret);
      return deviation === undefined ? [] : [deviation];
    };
  },
};

const mostTokens = 4;
/** So many texts are remembered to be no key: most answers of a server consist of the same few. */
const mostNoKeys = 10_000;
/** So many texts of an answer are tried as keys. */
const mostValues = 200;
const longestText = 200_000;

/** The content as it is and, of JSON, every text in it. */
function textsOf({ outcome, response, body }: Exchange): readonly string[] {
  const came = response ?? (outcome.kind === 'failure' ? outcome.partial : undefined);
  const whole = textOf(came?.content?.subarray(0, longestText));
  return [...leavesOf(body), ...(whole === '' ? [] : [whole])];
}

function leakIn({ request, response }: Exchange, texts: readonly string[]): Deviation | undefined {
  // What a success tells is what it is asked for: logs, code, statements. Private keys are for nobody.
  const sought = leaks.filter(({ always }) => always || (response?.status ?? 500) >= 400);
  const sent = sentTexts(request);
  for (const { what, pattern } of sought) {
    for (const text of texts) {
      const found = pattern.exec(text)?.[0];
      if (found === undefined || sent.some((each) => each.includes(found))) continue;
      const title = `an answer tells ${what}`;
      return { title, expected: 'an error without the inside of the server', actual: shortened(found) };
    }
  }
  return undefined;
}

function keyIn(
  { response }: Exchange,
  texts: readonly string[],
  tokens: readonly string[],
  noKeys: Set<string>,
): Deviation | undefined {
  const all = [...(response?.fields.map(([, value]) => value) ?? []), ...texts];
  const values = [...new Set(all)]
    .filter((value) => mayBeKey(value) && !noKeys.has(value))
    .slice(0, mostValues);
  const found = signingKeyIn(values, tokens);
  if (found === undefined) {
    if (tokens.length > 0 && noKeys.size < mostNoKeys) for (const value of values) noKeys.add(value);
    return undefined;
  }
  const field = response?.fields.find(([, value]) => value === found)?.[0];
  return {
    title: 'an answer tells the key that tokens are signed with',
    expected: 'no key in any answer',
    actual: field === undefined ? 'the key stands in the content' : `the key stands in the field ${field}`,
  };
}

/** A short secret counts where it is a whole value: five digits stand in many a number. */
const shortest = 8;

function secretIn(
  { request, response, judgement }: Exchange,
  texts: readonly string[],
  secrets: ReadonlySet<string>,
): Deviation | undefined {
  if (response === undefined || secrets.size === 0 || judgement.kind === 'explained') return undefined;
  // Where no rule says what a success carries, a token that was given before may be given again.
  if (judgement.kind === 'silent' && isSuccess(response.status)) return undefined;
  const values = response.fields.flatMap(([name, value]) => (/^set-cookie$/i.test(name) ? [] : [value]));
  const sent = sentTexts(request);
  const found = [...secrets].find((secret) => {
    const isThere = (text: string): boolean =>
      text === secret || (secret.length >= shortest && isWordIn(secret, text));
    const isTold = secret.length >= 4 && [...values, ...texts].some(isThere);
    return isTold && !sent.some((text) => text.includes(secret));
  });
  if (found === undefined) return undefined;
  return {
    title: 'an answer tells a secret that it is not meant to tell',
    expected: 'no one-time password, password or token of others',
    actual: `a secret of ${found.length} characters`,
  };
}

function isWordIn(secret: string, text: string): boolean {
  const at = text.indexOf(secret);
  if (at === -1) return false;
  const [before = '', after = ''] = [text[at - 1], text[at + secret.length]];
  return !/[\w-]/.test(before) && !/[\w-]/.test(after);
}
