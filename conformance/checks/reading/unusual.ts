/** Requests that a schema allows and that a server may well refuse: what it says of data is seldom all there is to say. */

import type { Operation } from '../../../openapi/contract.js';
import { isObject, type Json, pointedTo, pointerTo } from '../../../openapi/json.js';
import { rememberedOnce } from '../../../openapi/remembered.js';
import type { Value } from '../../../openapi/rules/rules.js';
import type { Exchange } from '../../check.js';
import { bodyOf } from './request.js';
import { undescribedMembers } from './undescribed.js';

/** More characters than many a column of a database takes. */
const longText = 100;

/** The statuses that find fault with the data itself. */
const ofData: ReadonlySet<number> = new Set([400, 422]);

/**
 * Whether data was refused that is valid and yet out of the ordinary: a member that the schema does not describe, an empty
 * or very long text, control characters, or an address to write to that does not look like those of the documentation.
 */
export const isUnusualRefused: (exchange: Exchange) => boolean = rememberedOnce((exchange) => {
  const { response, situation, request, operation } = exchange;
  if (response === undefined || !ofData.has(response.status) || situation.kind !== 'valid') return false;
  const body = bodyOf(request);
  if (operation === undefined || body === undefined) return false;
  return (
    hasUnusualText(body) || hasUndescribed(exchange, operation, body) || isStrangeAddress(exchange, body)
  );
});

function hasUndescribed({ contract }: Exchange, { requestBody }: Operation, body: Json): boolean {
  return (requestBody?.content ?? []).some(
    ({ schema }) => schema !== undefined && undescribedMembers(contract, schema, body).length > 0,
  );
}

function hasUnusualText(value: Json): boolean {
  if (typeof value === 'string') return value === '' || value.length > longText || /\p{Cc}/u.test(value);
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((member: Json) => hasUnusualText(member));
}

/** Phone numbers and the like are checked for being some, even where no schema says what they look like. */
function isStrangeAddress({ contract }: Exchange, body: Json): boolean {
  if (!isObject(body)) return false;
  return contract.operations.some(({ transitions, requestBody }) => {
    const examples = (requestBody?.content ?? []).flatMap((content) => content.examples);
    return transitions
      .flatMap(({ effects }) => effects)
      .some((effect) => {
        const pointer = effect.kind === 'send' ? pointerOf(effect.to) : undefined;
        const sent = pointer === undefined ? undefined : pointedTo(body, pointer);
        if (pointer === undefined || typeof sent !== 'string') return false;
        const known = examples.flatMap(({ value }) =>
          value === undefined ? [] : (pointedTo(value, pointer) ?? []),
        );
        const texts = known.filter((each) => typeof each === 'string');
        return texts.length > 0 && !texts.some((text) => shapeOf(text) === shapeOf(sent));
      });
  });
}

function pointerOf(value: Value): string | undefined {
  if (value.kind !== 'expression') return undefined;
  const { expression } = value;
  if (expression.kind !== 'body' || expression.of !== 'request') return undefined;
  return expression.tokens.reduce(pointerTo, '');
}

/** A text with its digits and letters made alike: of two phone numbers of one length the same. */
function shapeOf(text: string): string {
  return text.replace(/\p{L}/gu, 'a').replace(/\d/g, '0');
}
