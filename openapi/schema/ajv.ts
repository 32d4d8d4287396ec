/** Ajv, loaded when the first value is held against a schema: who starts, and who is asked for nothing else, needs none of it. */

import { createRequire } from 'node:module';

type Core = typeof import('ajv/dist/2020.js');

/** What we use of Ajv and the packages beside it. */
export type AjvPackages = Pick<Core, 'Ajv2020' | '_' | 'str'> & {
  readonly callRef: typeof import('ajv/dist/vocabularies/core/ref.js').callRef;
  readonly addFormats: typeof import('ajv-formats').default;
};

const require = createRequire(import.meta.url);
let packages: AjvPackages | undefined;

/** The packages, loaded by the first call. */
export function ajvPackages(): AjvPackages {
  packages ??= loaded();
  return packages;
}

function loaded(): AjvPackages {
  const { Ajv2020, _, str }: Core = require('ajv/dist/2020.js');
  const {
    callRef,
  }: typeof import('ajv/dist/vocabularies/core/ref.js') = require('ajv/dist/vocabularies/core/ref.js');
  const { default: addFormats }: typeof import('ajv-formats') = require('ajv-formats');
  return { Ajv2020, _, str, callRef, addFormats };
}
