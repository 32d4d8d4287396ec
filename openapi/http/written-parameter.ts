/** Parameter values as text in a path, query, header or cookie, in each style (OpenAPI 3.1, section 4.8.12). */

import { isObject, type Json } from '../json.js';
import type { ParameterForm, ParameterStyle, WrittenParameter } from './parameter.js';
import { percentDecoded, percentEncoded } from './percent.js';

type Pair = readonly [name: string, text: string];
type Spelling = (text: string) => string;

const fieldContent = /^(?:[!-~\x80-\xff](?:[\t -~\x80-\xff]*[!-~\x80-\xff])?)?$/;
const cookieContent = /^[!-~\x80-\xff](?:[ -~\x80-\xff]*[!-~\x80-\xff])?$/;
const escapesOfReserved = /%(?:2[1479ACF8]|3[ABDF]|40)/g;
const escapesOfReservedButComma = /%(?:2[1479AF8]|3[ABDF]|40)/g;
const delimiters: Partial<Record<ParameterStyle, string>> = {
  spaceDelimited: '%20',
  pipeDelimited: '%7C',
};

/**
 * The text of a value in the style of the parameter, percent-encoded (RFC 6570, section 3.2.1); with `allowReserved`
 * a query keeps those reserved characters that have no meaning in it. Null is an empty text. Undefined when there is
 * nothing to send: an empty array or object, and a value that no field can hold as it is (RFC 9110, section 5.5).
 */
export function writeParameter(form: ParameterForm, value: Json): WrittenParameter | undefined {
  if (typeof value === 'object' && value !== null && Object.keys(value).length === 0) return undefined;
  if (form.style === 'querystring') return { in: 'query', text: plainText(value) };
  const isPair = form.in === 'query' || form.in === 'cookie';
  const text = isPair ? pairsText(form, value) : pathText(form, value);
  if (form.style === 'cookie' && !cookieContent.test(text)) return undefined;
  if (form.in !== 'header') return text === '' && form.style !== 'simple' ? undefined : { in: form.in, text };
  return fieldContent.test(text) ? { in: 'header', name: form.name, value: text } : undefined;
}

function pathText(form: ParameterForm, value: Json): string {
  const { name, style, explode } = form;
  if (style === 'matrix' && explode) {
    const pairs = spread(form, value).map(([key, text]) => matrixText(key, percentEncoded(text)));
    return pairs.join('');
  }
  const list = listText(form, value, style === 'label' && explode ? '.' : ',');
  if (style === 'label') return `.${list}`;
  return style === 'matrix' ? matrixText(name, list) : list;
}

function matrixText(name: string, text: string): string {
  return text === '' ? `;${percentEncoded(name)}` : `;${percentEncoded(name)}=${text}`;
}

function pairsText(form: ParameterForm, value: Json): string {
  const { name, style } = form;
  if (!form.explode && style !== 'deepObject') {
    const key = style === 'cookie' ? name : percentEncoded(name);
    return `${key}=${listText(form, value, delimiters[style] ?? ',')}`;
  }
  const encode = encoderOf(form);
  const encodeName = style === 'cookie' ? encode : percentEncoded;
  const pairs = spread(form, value).map(([key, text]) => `${encodeName(key)}=${encode(text)}`);
  return pairs.join(form.in === 'query' ? '&' : '; ');
}

/**
 * The key and text of each part of an exploded value. Arrays in it repeat their key; in brackets with empty ones after it,
 * which servers take for a list that take the last of a repeated key otherwise, and numbered where more stands within.
 */
function spread({ name, style }: ParameterForm, value: Json): Pair[] {
  const isDeep = style === 'deepObject';
  const parts = (key: string, part: Json): Pair[] => {
    if (Array.isArray(part)) {
      const isFlat = part.every((item) => typeof item !== 'object' || item === null);
      return part.flatMap((item, index) => parts(isDeep ? `${key}[${isFlat ? '' : index}]` : key, item));
    }
    if (!isObject(part) || (!isDeep && part !== value)) return [[key, plainText(part)]];
    return Object.entries(part).flatMap(([step, inner]) => parts(isDeep ? `${key}[${step}]` : step, inner));
  };
  return parts(name, value);
}

function listText(form: ParameterForm, value: Json, delimiter: string): string {
  const encode = encoderOf(form);
  const textOf = (part: Json): string => encode(plainText(part));
  if (Array.isArray(value)) return value.map(textOf).join(delimiter);
  if (!isObject(value)) return textOf(value);
  const between = form.explode ? '=' : delimiter;
  const members = Object.entries(value).map(([key, member]) => encode(key) + between + textOf(member));
  return members.join(delimiter);
}

/** An exploded label has its dots encoded, for a dot within a value would divide it. */
function encoderOf({ in: place, style, explode, allowReserved }: ParameterForm): Spelling {
  if (place === 'header' || style === 'cookie') return (text) => text;
  if (style === 'label' && explode) return (text) => percentEncoded(text).replaceAll('.', '%2E');
  if (place !== 'query' || !allowReserved) return percentEncoded;
  const kept = explode || style === 'deepObject' ? escapesOfReserved : escapesOfReservedButComma;
  return (text) => percentEncoded(text).replace(kept, percentDecoded);
}

/** The text of one part. No style says how an array or object within a list is written: it is written as JSON. */
function plainText(value: Json): string {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
