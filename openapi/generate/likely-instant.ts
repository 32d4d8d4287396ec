/** Instants that lie where their names say, as seen from now: created before updated, due later, born long ago. */

import type { Json } from '../json.js';
import type { World } from './likely.js';

const day = 86_400_000;
const year = 365 * day;

type When = (world: World) => number;

const birth = /\b(?:birth|birthday|birth ?date|dob|born)\b/;
const later =
  /\b(?:expir\w*|exp|due|deadline|ends?|ended|until|till|renew\w*|next|scheduled|estimated|expected|valid to|not after|departure|delivery|retry)\b/;
const first =
  /\b(?:creat\w*|registered|registration|joined|inserted|added|opened|founded|signed up|member since|since|start\w*|begin\w*|begun|issued|valid from|not before|effective|published|released|hired)\b/;
const last =
  /\b(?:updat\w*|modif\w*|chang\w*|edited|last|latest|accessed|seen|pushed|synced|refreshed|completed|finished|closed|resolved|merged|deleted|removed|paid|processed|sent|received|delivered|read|shipped|confirmed|approved|verified|cancel\w*)\b/;
const any = /\b(?:date|time|timestamp|datetime|at|on|epoch|ts)$/;

function whenOf(phrase: string): When | undefined {
  if (birth.test(phrase)) return ({ now, random }) => now - random.integer(18 * 365, 75 * 365) * day;
  if (later.test(phrase)) return ({ now, random }) => now + random.integer(day, year);
  if (first.test(phrase)) return ({ now, self }) => now - self.age();
  if (last.test(phrase))
    return ({ now, self, random }) => now - random.integer(60_000, Math.floor(self.age() / 2));
  return undefined;
}

const recently: When = ({ now, random }) => now - random.integer(60_000, 30 * day);

/** What makes the instants of a format or of a name; undefined for what is none. */
export function likelyInstant(
  type: string,
  format: string,
  phrase: string,
): ((world: World) => Json | undefined) | undefined {
  const when = whenOf(phrase);
  if (type === 'string') {
    const isInstant = /^(?:date|date-time|iso-date-time|datetime|timestamp|iso8601|rfc3339)$/i.test(format);
    const isNamed = format === '' && isAboutTime(phrase);
    if (!isInstant && !isNamed) return undefined;
    const isDay = format === 'date' || (isNamed && /\bdate$|^(?:dob|birthday)$/.test(phrase));
    return (world) => {
      const text = new Date((when ?? recently)(world)).toISOString();
      return isDay ? text.slice(0, 10) : `${text.slice(0, 19)}Z`;
    };
  }
  if (type === 'boolean' || !(isAboutTime(phrase) || /^unix/.test(format))) return undefined;
  return (world) => {
    const instant = Math.floor((when ?? recently)(world) / 1000);
    const { minimum } = world.schema;
    const isFine =
      /\b(?:ms|millis|milliseconds)\b/.test(phrase) || (typeof minimum === 'number' && minimum > 1e11);
    return isFine ? instant * 1000 : instant;
  };
}

const others =
  /\b(?:by|count|id|name|zone|reason|url|type|status|user|format|days?|hours?|minutes?|seconds?|price|amount)$/;

/** Whether a name is that of an instant, where no format says so. */
function isAboutTime(phrase: string): boolean {
  if (others.test(phrase)) return false;
  return (
    any.test(phrase) ||
    /^(?:created|updated|modified|expires|expiry|expiration|deadline|dob|birthday|timestamp|inserted|published)$/.test(
      phrase,
    )
  );
}
