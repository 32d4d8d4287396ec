/** Keys of `paths` that go on behind their path, with a query or a fragment: not allowed by OpenAPI, and written all the same. */

import { percentDecoded } from './percent.js';

/** What a path key asks of the rest of the request, and of which item: all that was sent by a name. */
export type Asked<T> = {
  /** The values of a name in the query, the header or a form. */
  values(name: string): readonly string[];
  /** Whether the item has what is asked for, such as the method. */
  accepts(value: T): boolean;
};

/** Whether the parameters of a path, as sent, are such as an item describes: of several that accept, one that fits is meant. */
export type Fits<T> = (value: T, parameters: Readonly<Record<string, string>>) => boolean;

/** A pair behind the path of a key: `?action=list`, `#Action=List`; undefined as value where any will do. */
export type FixedPart = { readonly name: string; readonly value: string | undefined };

/** What follows the path in a key of `paths`: a query or fragment, or an expression for one (RFC 6570, 3.2.8). */
const behindPath = /[?#](?=[\w.%~-])(?![^{}]*\}).*$|\{[?&#;][^{}]*\}.*$/s;

/** A key of `paths` without the query or fragment that some documents write behind its path. */
export function pathOfKey(template: string): string {
  return template.replace(behindPath, '');
}

/** The pairs behind the path of a key: each must be among what was sent. An expression for several asks for none. */
export function fixedParts(template: string): readonly FixedPart[] {
  const rest = behindPath.exec(template)?.[0] ?? '';
  if (rest.startsWith('{')) return [];
  return rest
    .split(/[?#&]/)
    .filter((part) => part !== '')
    .map((part) => {
      const [name = '', value] = part.split(/=(.*)/s);
      const isAny = value === undefined || value === '' || /^\{[^{}]*\}$/.test(value);
      return { name: percentDecoded(name), value: isAny ? undefined : percentDecoded(value) };
    });
}

/** Whether what a key asks for is among what was sent. */
export function isSent<T>({ name, value }: FixedPart, asked: Asked<T>): boolean {
  const values = asked.values(name);
  return value === undefined ? values.length > 0 : values.includes(value);
}
