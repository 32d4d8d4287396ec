/** Which media type an answer is sent in: by Accept, and as servers mostly read it where that leaves none. */

import {
  type AcceptedRange,
  acceptedRanges,
  essence,
  isJson,
  negotiate,
  parseMediaType,
} from '../openapi/content/media-type.js';

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
  const members = acceptedRanges(accept);
  const bare = members.map(({ range, weight }) => `${essence(range)};q=${weight}`).join(', ');
  return negotiate(bare, offered) ?? anyJson(members, offered);
}

function anyJson(members: readonly AcceptedRange[], offered: readonly string[]): string | undefined {
  if (!members.some(({ range, weight }) => isJson(range) && weight > 0)) return undefined;
  const excluded = members.filter(({ weight }) => weight === 0).map(({ range }) => essence(range));
  return offered.find((each) => {
    const mediaType = parseMediaType(each);
    return mediaType !== undefined && isJson(mediaType) && !excluded.includes(essence(mediaType));
  });
}
