/** Answers tell nothing of the inside of the server, and no secrets. */

import type { Check, Deviation, Exchange } from '../check.js';
import { leaks } from './reading/leaks.js';
import { sentTexts } from './reading/request.js';
import { isSuccess, leavesOf, textOf } from './reading/response.js';
import { createSecretIndex, type SecretIndex } from './reading/secret-index.js';
import { isToken, mayBeKey, type SignedToken, signedToken, signingKeyIn } from './reading/signing-key.js';
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
    const tokens: SignedToken[] = [];
    const noKeys = new Set<string>();
    const secrets = createSecretIndex();
    const learn = learning(secrets);
    return (exchange) => {
      const texts = textsOf(exchange);
      for (const text of texts) {
        if (!isToken(text) || tokens.length >= mostTokens) continue;
        tokens.push(signedToken(text));
        noKeys.clear();
      }
      const deviation =
        leakIn(exchange, texts) ??
        keyIn(exchange, texts, tokens, noKeys) ??
        secretIn(exchange, texts, secrets);
      // What an answer is the first to tell is known only after it.
      learn(exchange.secrets);
      return deviation === undefined ? [] : [deviation];
    };
  },
};

/** Adds what a list has that it did not have the last time. */
function learning(secrets: SecretIndex): (list: readonly string[]) => void {
  let latest: readonly string[] = [];
  let count = 0;
  return (list) => {
    if (list !== latest) count = 0;
    for (; count < list.length; count += 1) secrets.add(list[count] ?? '');
    latest = list;
  };
}

const mostTokens = 4;
/** So many texts are remembered to be no key: most answers of a server consist of the same few. */
const mostNoKeys = 10_000;
/** So many texts of an answer are tried as keys. */
const mostValues = 200;
const longestText = 200_000;

/** The content as it is and, of JSON, every text in it. */
function textsOf({ outcome, response, body }: Exchange): readonly string[] {
  const came = response ?? (outcome.kind === 'failure' ? outcome.partial : undefined);
  const content = came?.content;
  const whole = textOf(
    content && content.byteLength > longestText ? content.subarray(0, longestText) : content,
  );
  return [...leavesOf(body), ...(whole === '' ? [] : [whole])];
}

/** What a success tells is what it is asked for: logs, code, statements. Private keys are for nobody. */
const leaksOfSuccess = leaks.filter(({ always }) => always);

function leakIn({ request, response }: Exchange, texts: readonly string[]): Deviation | undefined {
  for (const { what, pattern } of (response?.status ?? 500) >= 400 ? leaks : leaksOfSuccess) {
    for (const text of texts) {
      const found = pattern.exec(text)?.[0];
      if (found === undefined || sentTexts(request).some((each) => each.includes(found))) continue;
      const title = `an answer tells ${what}`;
      return { title, expected: 'an error without the inside of the server', actual: shortened(found) };
    }
  }
  return undefined;
}

function keyIn(
  { response, body }: Exchange,
  texts: readonly string[],
  tokens: readonly SignedToken[],
  noKeys: Set<string>,
): Deviation | undefined {
  if (tokens.length === 0) return undefined;
  // Of JSON the values are tried: no key is an object as a whole.
  const shown = typeof body === 'object' && body !== null ? texts.slice(0, -1) : texts;
  const all = [...(response?.fields.map(([, value]) => value) ?? []), ...shown];
  const values = [...new Set(all)]
    .filter((value) => mayBeKey(value) && !noKeys.has(value))
    .slice(0, mostValues);
  const found = signingKeyIn(values, tokens);
  if (found === undefined) {
    if (noKeys.size < mostNoKeys) for (const value of values) noKeys.add(value);
    return undefined;
  }
  const field = response?.fields.find(([, value]) => value === found)?.[0];
  return {
    title: 'an answer tells the key that tokens are signed with',
    expected: 'no key in any answer',
    actual: field === undefined ? 'the key stands in the content' : `the key stands in the field ${field}`,
  };
}

function secretIn(
  { request, response, judgement }: Exchange,
  texts: readonly string[],
  secrets: SecretIndex,
): Deviation | undefined {
  if (response === undefined || secrets.size === 0 || judgement.kind === 'explained') return undefined;
  // Where no rule says what a success carries, a token that was given before may be given again.
  if (judgement.kind === 'silent' && isSuccess(response.status)) return undefined;
  const values = response.fields.flatMap(([name, value]) => (/^set-cookie$/i.test(name) ? [] : [value]));
  const found = secrets
    .foundIn([...values, ...texts])
    .find((secret) => secret.length >= 4 && !sentTexts(request).some((text) => text.includes(secret)));
  if (found === undefined) return undefined;
  return {
    title: 'an answer tells a secret that it is not meant to tell',
    expected: 'no one-time password, password or token of others',
    actual: `a secret of ${found.length} characters`,
  };
}
