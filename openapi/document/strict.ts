/** What swagger-parser finds wrong with a document: the judge of who asks for a strict one. The one user of swagger-parser. */

import SwaggerParser from '@apidevtools/swagger-parser';
import { isObject } from '../json.js';
import type { SchemaError } from './structure.js';

/** A document whose references are settled, as OpenAPI 3.0.3 or 3.1.1. */
type WholeDocument = { readonly [member: string]: unknown };

/** What is wrong with the document, by the schema of its version of OpenAPI. */
export async function strictErrors(file: string, document: WholeDocument): Promise<readonly SchemaError[]> {
  try {
    const options = { resolve: { external: false }, validate: { schema: true, spec: false } };
    // The parser's types know the fields of OpenAPI, of which nothing is certain yet.
    await new SwaggerParser().validate(file, accepted(document) as never, options);
    return [];
  } catch (error) {
    if (error instanceof Error && 'details' in error && Array.isArray(error.details)) return error.details;
    throw error;
  }
}

/** It throws, and says nothing about the rest, when the version of the API is a number; in a list it is told like other mistakes. */
function accepted(document: WholeDocument): WholeDocument {
  const { info } = document;
  return isObject(info) && typeof info.version === 'number'
    ? { ...document, info: { ...info, version: [info.version] } }
    : document;
}
