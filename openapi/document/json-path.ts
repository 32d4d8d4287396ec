/** JSONPath (RFC 9535): what a query selects. The one user of json-p3. */

import { compile, query } from 'json-p3';
import type { Json } from '../json.js';

/** A JSON value of one's own, which may be changed. */
export type Draft = string | number | boolean | null | undefined | Draft[] | { [member: string]: Draft };

/** A copy that may be changed. */
export function draftOf(value: Json | undefined): Draft {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

/** What is wrong with a query; undefined when nothing is. */
export function jsonPathMistake(path: string): string | undefined {
  try {
    compile(path);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
  }
}

/**
 * The member names and indexes that lead to each node that a query selects, in the order of the nodes.
 * @throws Error when the query is not well-formed.
 */
export function jsonPathNodes(path: string, value: Draft): readonly (readonly (string | number)[])[] {
  return Array.from(query(path, value), ({ location }) => location);
}
