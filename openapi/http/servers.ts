/** Servers of a document: their URLs, and the base paths that an API is served below (OpenAPI 3.1, 4.8.5 and 4.8.6). */

import type { Reader } from '../document/reader.js';

/** So many base paths of one server at most: variables with many values would make thousands. */
const mostPaths = 32;
const everyVariable = /\{([^{}]+)\}/g;

/** A server's URL with the default values of its variables; one without a value stays as it is written. */
export function serverUrl(server: Reader): string {
  const values = variablesOf(server);
  return (server.text('url') ?? '/').replace(
    everyVariable,
    (whole, name: string) => values.get(name)?.[0] ?? whole,
  );
}

/**
 * The base paths of servers, each once and without a slash at its end: of one whose variables have several values, one
 * for each of these, that of the defaults first. Undefined when there are no servers.
 */
export function basePathsOf(servers: readonly Reader[]): readonly string[] | undefined {
  if (servers.length === 0) return undefined;
  return [...new Set(servers.flatMap((server) => urlsOf(server).map(basePath)))];
}

/** The URLs of a server, over the values of those variables that stand in it. */
function urlsOf(server: Reader): readonly string[] {
  let urls = [server.text('url') ?? '/'];
  for (const [name, values] of variablesOf(server)) {
    const written = `{${name}}`;
    if (!urls.some((url) => url.includes(written))) continue;
    urls = urls.flatMap((url) => values.map((value) => url.replaceAll(written, value))).slice(0, mostPaths);
  }
  return urls;
}

/** The values of each variable, the default first. */
function variablesOf(server: Reader): ReadonlyMap<string, readonly string[]> {
  return new Map(
    server.members('variables').map(([name, variable]) => {
      const allowed = variable
        .members('enum')
        .flatMap(([, { node }]) => (typeof node.value === 'string' ? [node.value] : []));
      const preset = variable.text('default');
      return [name, [...new Set(preset === undefined ? allowed : [preset, ...allowed])]] as const;
    }),
  );
}

/**
 * The path of a server's URL, which may be relative. Where a variable has no value, or the scheme was forgotten, what can
 * only be a host is taken for one.
 */
function basePath(url: string): string {
  const rest = url
    .trim()
    .replace(/^(?:[a-z][a-z0-9+.-]*:)?\/\/[^/?#]*/i, '')
    .replace(
      /^(?:\{[^/?#]*|localhost(?::\d+)?|[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?::\d+)?|[\w.-]+:\d+)(?=[/?#]|$)/i,
      '',
    );
  const root = 'http://localhost/';
  const path = rest
    .replace(/[?#].*$/s, '')
    .replace(everyVariable, '')
    .replace(/^\/*/, '/');
  if (!URL.canParse(path, root)) return '';
  return new URL(path, root).pathname.replace(/\/{2,}/g, '/').replace(/\/$/, '');
}
