/** Tokens that nobody was given: made from one that somebody was. */

import type { Template, WorkflowInput } from '../../openapi/arazzo/workflow.js';
import { remembered } from '../../openapi/remembered.js';
import { decodeToken, forgedTokens } from '../../openapi/token.js';
import { forgedName } from '../input/derived.js';
import { input } from './draft.js';

/** A template for a token like another, what it needs as an input, and what it is. */
export type Forgery = {
  readonly needed: WorkflowInput | undefined;
  readonly value: Template;
  readonly what: string;
};

/** A token of the common form, to learn the names of all forgeries from. */
const pattern = [
  { alg: 'HS256', typ: 'JWT' },
  { sub: '1', iat: 1, exp: 2, type: 'access' },
]
  .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
  .concat('c2lnbmF0dXJlLW9mLTMyLWJ5dGVzLWhlcmUtMDAwMDA')
  .join('.');

/**
 * Everything that can be forged from the token which a template stands for. `sample` is one like it: when that has not the
 * common form, only what can be made of any text.
 */
export function forgeries(right: Template, sample: string | undefined): readonly Forgery[] {
  const like = sample !== undefined && decodeToken(sample) === undefined ? sample : pattern;
  return kindsLike(like).map(({ title, kind }) => {
    const name = `forged_${kind.replaceAll('-', '_')}`;
    return {
      needed: input(name, `derived:forged:${kind}`, { of: right }),
      value: `$inputs.${name}`,
      what: title,
    };
  });
}

/** What can be forged from a token: each draw of a walk asks, and mostly of the same one. */
const kindsLike = remembered((like) =>
  forgedTokens(like).map(({ title }) => ({ title, kind: forgedName(title) })),
);
