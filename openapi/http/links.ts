/** Link Objects: with what of one answer another operation is called (OpenAPI 3.1, section 4.8.20). */

import type { Link, Operation } from '../contract.js';
import { type Documents, referencePlace } from '../document/documents.js';
import type { Reader } from '../document/reader.js';
import { asObject, pointerTokens } from '../json.js';

/** The links of a response. One that leads to another API, by an absolute URL, leads nowhere here. */
export function readLinks(documents: Documents, response: Reader): readonly Link[] {
  return response.members('links').flatMap(([name, link]): Link[] => {
    const target = readTarget(documents, link);
    if (target === undefined) return [];
    const { parameters, requestBody } = asObject(link.node.value);
    const named = Object.entries(asObject(parameters)).map(([each, value]) => ({
      ...qualified(each),
      value,
    }));
    return [{ name, target, parameters: named, requestBody, at: link.node.at }];
  });
}

function readTarget(documents: Documents, link: Reader): Link['target'] | undefined {
  const id = link.text('operationId');
  if (id !== undefined) return { kind: 'id', id };
  const reference = link.text('operationRef');
  if (reference === undefined) return undefined;
  const at = referencePlace(link.node.at.file, reference);
  if (!documents.sources.has(at.file)) return undefined;
  const [paths, path, method, ...rest] = pointerTokens(at.pointer);
  const isOfRoot = at.file === documents.root && paths === 'paths' && rest.length === 0;
  const endpoint = isOfRoot && path !== undefined && method !== undefined;
  return { kind: 'place', at, endpoint: endpoint ? `${method.toUpperCase()} ${path}` : undefined };
}

/** The name of a parameter, which may say in which part of the request it is: `path.id` (section 4.8.20.1). */
export function qualified(name: string): Pick<Link['parameters'][number], 'name' | 'in'> {
  const [, where, own] = /^(path|query|header|cookie)\.(.+)$/s.exec(name) ?? [];
  const isQualified = where === 'path' || where === 'query' || where === 'header' || where === 'cookie';
  return isQualified && own !== undefined ? { name: own, in: where } : { name, in: undefined };
}

/** The operation that a link leads to; undefined when there is none. */
export function linkedOperation(operations: readonly Operation[], { target }: Link): Operation | undefined {
  return operations.find(({ id, method, path, at }) => {
    if (target.kind === 'id') return id === target.id;
    if (target.endpoint === `${method} ${path}`) return true;
    return at.file === target.at.file && at.pointer === target.at.pointer;
  });
}
