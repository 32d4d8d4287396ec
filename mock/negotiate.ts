/** Which media type an answer is sent in: by Accept, and as servers mostly read it where that leaves none. */

import { essence, isJson, type MediaType, negotiate, parseMediaType } from '../openapi/content/media-type.js';

/**
 * The media type of those that are offered that the client prefers (RFC 9110, section 12.5.1). Where it accepts none of
 * them, parameters that nothing offers are passed over (`version`, `charset`), and then JSON by one name is as good as by
 * another: who asks for `application/json` takes `application/hal+json`. Undefined when that leaves none either.
 */
export function negotiateMediaType(
  accept: string | undefined,
  offered: readonly string[],
): string | undefined {
  const strict = negotiate(accept, offered);
  if (strict !== undefined || accept === undefined) return strict;
  const ranges = rangesIn(accept);
  const bare = ranges.map((range) => `${essence(range)};q=${weightOf(range)}`).join(', ');
  return negotiate(bare, offered) ?? anyJson(ranges, offered);
}

function anyJson(ranges: readonly MediaType[], offered: readonly string[]): string | undefined {
  if (!ranges.some((range) => isJson(range) && Number(weightOf(range)) > 0)) return undefined;
  const excluded = ranges.filter((range) => Number(weightOf(range)) === 0).map(essence);
  return offered.find((each) => {
    const mediaType = parseMediaType(each);
    return mediaType !== undefined && isJson(mediaType) && !excluded.includes(essence(mediaType));
  });
}

const listMembers = /(?:[^",]|"(?:[^"\\]|\\.)*\\?(?:"|$))+/gs;

function rangesIn(accept: string): readonly MediaType[] {
  return (accept.match(listMembers) ?? []).flatMap((text) => parseMediaType(text) ?? []);
}

function weightOf({ parameters }: MediaType): string {
  return parameters.find(([name]) => name === 'q')?.[1] ?? '1';
}
