/** Which specification a document says it is of: what we read, and what is wrong with the way it says so. */

import type { ContractProblemCode } from '../contract-error.js';
import { asObject, type Json } from '../json.js';

/** The versions of OpenAPI that are read. */
export type OpenApiVersion = (typeof openApiVersions)[number];
const openApiVersions = ['3.0', '3.1', '3.2'] as const;

/** What a document is, by its first fields; `mistake` when it says so in a way that is not quite right. */
export type DocumentKind =
  | { readonly kind: 'openapi'; readonly version: OpenApiVersion; readonly mistake?: Mistake }
  | { readonly kind: 'swagger'; readonly mistake?: Mistake }
  | { readonly kind: 'overlay' }
  | { readonly kind: 'other'; readonly code: ContractProblemCode; readonly mistake: Mistake };

export type Mistake = { readonly member: string; readonly what: string; readonly fix: string };

/** What a document is, by `openapi` (OpenAPI 3.2, 4.1.1), `swagger` (2.0, 5.1) or `overlay` (Overlay 1.0, 4.4.1). */
export function documentKind(value: Json | undefined): DocumentKind {
  const { openapi, swagger, overlay } = asObject(value);
  if (openapi === undefined && swagger !== undefined) return swaggerKind(swagger);
  if (openapi === undefined && overlay !== undefined) return { kind: 'overlay' };
  if (typeof openapi === 'string') return openApiKind(openapi);
  const version = openApiVersions.find((each) => openapi === Number(each));
  if (version !== undefined) {
    const mistake = { member: 'openapi', what: '"openapi" must be a string', fix: quoted(version) };
    return { kind: 'openapi', version, mistake };
  }
  const what =
    openapi === undefined
      ? 'this is not an OpenAPI document: it has no "openapi" field'
      : '"openapi" must be a string';
  const fix =
    openapi === undefined
      ? 'Name one that has, for example openapi: "3.1.1"'
      : 'Write the version as text, for example openapi: "3.1.1"';
  return { kind: 'other', code: 'not-openapi', mistake: { member: 'openapi', what, fix } };
}

function openApiKind(text: string): DocumentKind {
  const version = openApiVersions.find((each) => text === each || text.startsWith(`${each}.`));
  if (version === undefined) {
    const what = `OpenAPI ${text} is not supported`;
    const fix = 'Use OpenAPI 3.0, 3.1 or 3.2, with all three numbers, for example "3.1.1"';
    return { kind: 'other', code: 'unsupported-version', mistake: { member: 'openapi', what, fix } };
  }
  if (/^3\.\d\.\d/.test(text)) return { kind: 'openapi', version };
  const what = `the version ${text} of OpenAPI has not all three numbers`;
  return { kind: 'openapi', version, mistake: { member: 'openapi', what, fix: quoted(version) } };
}

function swaggerKind(swagger: Json): DocumentKind {
  if (swagger === '2.0') return { kind: 'swagger' };
  const what =
    typeof swagger === 'string' ? `Swagger ${swagger} is not supported` : '"swagger" must be the text "2.0"';
  const mistake = { member: 'swagger', what, fix: 'Write swagger: "2.0"' };
  if (swagger === 2) return { kind: 'swagger', mistake };
  return { kind: 'other', code: 'unsupported-version', mistake };
}

function quoted(version: string): string {
  return `Write all three numbers, in quotes: openapi: "${version}.0"`;
}
