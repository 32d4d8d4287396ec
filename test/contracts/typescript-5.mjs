/** For tools that are written against the API of TypeScript 5, which TypeScript 7 does not have: they get the one that they ask for. */

import { register } from 'node:module';

const hooks = `
export function resolve(specifier, context, next) {
  return next(specifier === 'typescript' ? 'typescript-5' : specifier, context);
}
`;

register(`data:text/javascript,${encodeURIComponent(hooks)}`);
