/** Texts by what they are called, and by what that belongs to. */

import { oneOf } from './fake-data.js';
import type { Rule, World } from './likely.js';
import { likelyNames } from './likely-names.js';
import { wordsOf } from './words.js';

const slug = ({ faker }: World): string => `${faker.word.adjective()}-${faker.word.noun()}`.toLowerCase();
const handle = ({ self, random }: World): string => {
  const { first, last } = self.person();
  return `${first}.${last}${random.integer(1, 99)}`.toLowerCase().replace(/[^a-z\d.]/g, '');
};
const email = ({ self, random }: World): string => {
  const { first, last } = self.person();
  const user = `${first}.${last}`.toLowerCase().replace(/[^a-z\d.]/g, '');
  return `${user}@${oneOf(random, 'example.com', 'example.org', 'example.net')}`;
};
const alphanumeric =
  (length: number) =>
  ({ faker }: World): string =>
    faker.string.alphanumeric(length);
const hexadecimal =
  (bytes: number) =>
  ({ random }: World): string =>
    random.hex(bytes);
const image = ({ random, phrase }: World): string =>
  `https://images.example.com/${phrase.includes('avatar') ? 'avatars' : 'photos'}/${random.hex(4)}.jpg`;
/** An address that tells what it leads to by its name. */
const address = (world: World): string => {
  const what = wordsOf(world.name).filter(
    (word) => !/^(?:url|uri|link|href|html|web|api|site|website|homepage)$/.test(word),
  );
  const path = [...what, slug(world)].join('/');
  return `https://www.example.com/${path}`;
};
const sentence = ({ faker, random }: World): string => {
  const phrase = oneOf(
    random,
    faker.company.catchPhrase,
    faker.company.catchPhrase,
    faker.company.buzzPhrase,
  )();
  const closing = oneOf(
    random,
    'for every team',
    'in the new release',
    'as agreed last week',
    'for our customers',
  );
  return `${phrase.charAt(0).toUpperCase()}${phrase.slice(1)} ${closing}.`;
};
/** An id as the schema has room for it. */
const id = ({ random, schema }: World): string => {
  const most = typeof schema.maxLength === 'number' ? schema.maxLength : Number.POSITIVE_INFINITY;
  if (typeof schema.pattern === 'string' && /^\^?(?:\[0-9\]|\\d)/.test(schema.pattern))
    return String(random.integer(10_000, 99_999));
  return most >= 36 ? random.uuid() : random.hex(Math.max(1, Math.min(12, Math.floor(most / 2))));
};
const money = ({ random }: World): string => (random.integer(199, 49_999) / 100).toFixed(2);
const isShort = ({ schema }: World, length: number): boolean =>
  typeof schema.maxLength === 'number' && schema.maxLength <= length;

const person =
  /\b(?:user|person|people|customer|employee|author|owner|member|contact|profile|patient|student|teacher|driver|player|recipient|sender|assignee|reviewer|guest)\b/;

/** The first rule that fits a name is taken; the last one fits all. */
export const textRules: readonly Rule[] = [
  { name: /\be ?mails?(?: address)?(?: \d)?$/, make: email },
  { name: /\b(?:first|given|fore|f) ?name$/, make: ({ self }) => self.person().first },
  { name: /\bmiddle ?name$/, make: ({ faker }) => faker.person.middleName() },
  { name: /\b(?:last|sur|family|l) ?name$/, make: ({ self }) => self.person().last },
  { name: /\b(?:user ?name|login|handle|screen name|nick ?name)$/, make: handle },
  {
    name: /\b(?:job|job title|position|occupation|profession)$/,
    make: ({ faker }) => faker.person.jobTitle(),
  },
  { name: /\b(?:gender|sex)$/, make: ({ faker }) => faker.person.sex() },
  { name: /\b(?:salutation|honorific|name prefix)$/, make: ({ faker }) => faker.person.prefix() },
  {
    name: /\b(?:phone|mobile|telephone|tel|fax|cell|msisdn)(?: ?(?:number|no|phone))?$/,
    make: ({ random }) => `+1202555${String(random.integer(100, 199)).padStart(4, '0')}`,
  },
  {
    name: /\b(?:ip|ipv4|ip address|remote addr\w*)$/,
    make: ({ random }) => `203.0.113.${random.integer(1, 254)}`,
  },
  { name: /\bipv6\b/, make: ({ random }) => `2001:db8::${random.integer(1, 0xffff).toString(16)}` },
  { name: /\bmac(?: address)?$/, make: ({ faker }) => faker.internet.mac() },
  { name: /\buser agent$/, make: ({ faker }) => faker.internet.userAgent() },
  {
    name: /\b(?:avatar|image|img|photo|picture|logo|icon|thumbnail|cover|banner)(?: (?:url|uri|link|src|href))?$/,
    make: image,
  },
  {
    name: /\b(?:url|uri|link|href|website|web site|homepage|home page|endpoint|webhook|callback|permalink)$/,
    make: address,
  },
  {
    name: /\b(?:domain|domain name|hostname|host|host name|fqdn)$/,
    make: ({ faker }) =>
      `${faker.word
        .noun()
        .toLowerCase()
        .replace(/[^a-z]/g, '')}.example.com`,
  },
  {
    name: /\b(?:address ?(?:line ?)?2|line ?2|apartment|suite|unit number)$/,
    make: ({ faker }) => faker.location.secondaryAddress(),
  },
  {
    name: /\b(?:street|street address|address ?(?:line ?)?1?|line ?1|address)$/,
    make: ({ faker }) => faker.location.streetAddress(),
  },
  { name: /\b(?:city|town|locality|municipality)$/, make: ({ faker }) => faker.location.city() },
  {
    name: /\b(?:zip|zip ?code|postal ?code|post ?code|postal)$/,
    make: ({ faker }) => faker.location.zipCode('#####'),
  },
  { name: /\bcounty$/, make: ({ faker }) => faker.location.county() },
  {
    name: /^(?:state|province|region)(?: (?:code|name))?$/,
    owner: /\b(?:address|location|place|billing|shipping)\b/,
    make: (world) =>
      world.faker.location.state({ abbreviated: isShort(world, 3) || /code/.test(world.phrase) }),
  },
  {
    name: /\b(?:province|state (?:code|name)|state or province)$/,
    make: (world) =>
      world.faker.location.state({ abbreviated: isShort(world, 3) || /code/.test(world.phrase) }),
  },
  {
    name: /\b(?:nationality|country ?(?:code|iso|alpha ?2)|country ?code)$/,
    make: (world) =>
      world.self.country()[
        typeof world.schema.minLength === 'number' && world.schema.minLength === 3 ? 2 : 1
      ],
  },
  {
    name: /\bcountry(?: name)?$/,
    make: (world) => world.self.country()[isShort(world, 2) ? 1 : isShort(world, 3) ? 2 : 0],
  },
  {
    name: /\b(?:lat|latitude)$/,
    make: ({ random }) => (random.integer(-6_000_000, 7_000_000) / 1e5).toFixed(5),
  },
  {
    name: /\b(?:lng|lon|longitude)$/,
    make: ({ random }) => (random.integer(-17_000_000, 17_000_000) / 1e5).toFixed(5),
  },
  { name: /\b(?:time ?zone|tz)$/, make: ({ self }) => self.country()[4] },
  {
    name: /\b(?:locale|lang|language code|language tag)$/,
    make: (world) =>
      isShort(world, 2)
        ? oneOf(world.random, 'en', 'de', 'fr')
        : oneOf(world.random, 'en-US', 'en-GB', 'de-DE', 'fr-FR', 'es-ES'),
  },
  { name: /\blanguages?$/, make: ({ random }) => oneOf(random, 'en', 'de', 'fr', 'es', 'pt', 'ja') },
  { name: /\bcurrency symbol$/, make: ({ faker }) => faker.finance.currencySymbol() },
  { name: /\bcurrency(?: ?(?:code|iso))?$|^currency of\b/, make: ({ self }) => self.country()[3] },
  { name: /\b(?:price|amount|total|cost|fee|balance|subtotal|tax|discount|value added)$/, make: money },
  { name: /\b(?:iban)$/, make: ({ faker }) => faker.finance.iban() },
  { name: /\b(?:bic|swift)(?: code)?$/, make: ({ faker }) => faker.finance.bic() },
  { name: /\b(?:last ?4|last four)$/, make: ({ random }) => String(random.integer(1000, 9999)) },
  { name: /\b(?:account number|routing number)$/, make: ({ faker }) => faker.finance.accountNumber(10) },
  {
    name: /\b(?:sku|part number|product code|barcode)$/,
    make: ({ faker }) => faker.string.alphanumeric({ length: 8, casing: 'upper' }),
  },
  { name: /\bisbn(?: ?1[03])?$/, make: ({ faker }) => faker.commerce.isbn() },
  { name: /\b(?:uuid|guid)$/, make: ({ random }) => random.uuid() },
  { name: /\b(?:sha ?256|checksum|digest)$/, make: hexadecimal(32) },
  { name: /\b(?:sha|sha ?1|commit|commit hash|commit id|hash|oid|tree id)$/, make: hexadecimal(20) },
  { name: /\b(?:md5|etag|fingerprint|node id|trace id|session id)$/, make: hexadecimal(16) },
  { name: /\b(?:password|passphrase|passwd)$/, make: ({ faker }) => faker.internet.password({ length: 14 }) },
  {
    name: /\b(?:token|secret|api ?key|access key|private key|credential|nonce|signature|cursor|verifier)$/,
    make: alphanumeric(32),
  },
  { name: /\b(?:ids?|key id|sid|identifier|reference|ref)$/, make: id },
  { name: /\b(?:slug|permalink name|alias)$/, make: slug },
  { name: /\b(?:api version|version|release|semver)$/, make: ({ faker }) => faker.system.semver() },
  { name: /\bcolou?rs?(?: ?(?:code|hex))?$/, make: ({ random }) => `#${random.hex(3)}` },
  {
    name: /\b(?:mime ?type|content type|media type)$/,
    make: ({ random }) =>
      oneOf(random, 'application/json', 'image/png', 'image/jpeg', 'application/pdf', 'text/plain'),
  },
  { name: /\b(?:file ?name|original name)$/, make: ({ faker }) => faker.system.commonFileName() },
  {
    name: /\b(?:file ?path|path|directory|folder path)$/,
    make: (world) => `/${slug(world)}/${world.faker.system.commonFileName()}`,
  },
  { name: /\b(?:extension|file ext)$/, make: ({ faker }) => faker.system.commonFileExt() },
  {
    name: /\b(?:companies|company|organi[sz]ation|employer|business|merchant|vendor|supplier|manufacturer|publisher)(?: ?name)?$/,
    make: ({ faker }) => faker.company.name(),
  },
  { name: /\b(?:brand)(?: name)?$/, make: ({ faker }) => faker.company.name().split(/[ ,-]/)[0] },
  {
    name: /\b(?:department|category|product type)(?: name)?$/,
    make: ({ faker }) => faker.commerce.department(),
  },
  {
    name: /\b(?:product|product name|item name|article name)$/,
    make: ({ faker }) => faker.commerce.productName(),
  },
  { name: /\bbio(?:graphy)?$/, make: ({ faker }) => faker.person.bio() },
  {
    name: /\b(?:description|details|summary)$/,
    owner: /\b(?:product|item|article|variant)\b/,
    make: ({ faker }) => faker.commerce.productDescription(),
  },
  {
    name: /\b(?:message|detail|reason|description|title|error|msg)$/,
    owner: /\b(?:error|errors|problem|exception|fault|failure|violation)\b/,
    make: ({ random }) =>
      oneOf(
        random,
        'The request could not be completed.',
        'The resource was not found.',
        'A required value is missing.',
        'The value is not allowed here.',
      ),
  },
  {
    name: /\b(?:error|error message|error description)$/,
    make: ({ random }) =>
      oneOf(
        random,
        'The request could not be completed.',
        'The resource was not found.',
        'A required value is missing.',
      ),
  },
  { name: /\btitle$/, owner: /\b(?:book|publication)\b/, make: ({ faker }) => faker.book.title() },
  { name: /\btitle$/, owner: /\b(?:song|track|music)\b/, make: ({ faker }) => faker.music.songName() },
  { name: /\btitle$/, owner: person, make: ({ faker }) => faker.person.jobTitle() },
  { name: /\btitle$/, owner: /\b(?:product|item)\b/, make: ({ faker }) => faker.commerce.productName() },
  {
    name: /\b(?:title|subject|headline|heading|subtitle|tagline|slogan)$/,
    make: ({ faker }) => faker.company.catchPhrase(),
  },
  {
    name: /\b(?:description|desc|comments?|summary|about|notes?|message|body|text|content|caption|reason|details?|excerpt|abstract|review|feedback|instructions|question|answer|help text|tooltip)$/,
    make: sentence,
  },
  {
    name: /\b(?:status|state|status text|status name)$/,
    make: ({ random }) => oneOf(random, 'active', 'pending', 'completed', 'inactive'),
  },
  { name: /\broles?$/, make: ({ random }) => oneOf(random, 'admin', 'member', 'editor', 'viewer') },
  { name: /\b(?:unit|units|unit of measure)$/, make: ({ random }) => oneOf(random, 'kg', 'cm', 'pcs', 'l') },
  {
    name: /\b(?:tags?|labels?|keywords?|topics?|hashtags?|groups?)$/,
    make: ({ faker }) => faker.word.noun().toLowerCase(),
  },
  {
    name: /^key$/,
    make: ({ faker }) =>
      faker.word
        .noun()
        .toLowerCase()
        .replace(/[^a-z]/g, ''),
  },
  { name: /\b(?:code)$/, make: ({ faker }) => faker.string.alphanumeric({ length: 6, casing: 'upper' }) },
  { name: /\b(?:number|no|num)$/, make: ({ random }) => String(random.integer(10_000, 99_999)) },
  {
    name: /\b(?:quantity|qty|count|total|size|age|percent|rate)$/,
    make: ({ random }) => String(random.integer(1, 48)),
  },
  ...likelyNames,
  {
    name: /\b(?:author|owner|creator|assignee|manager|contact|customer|recipient|sender|employee|created by|updated by|modified by|artist|actor|director|reviewer)$/,
    make: ({ self }) => `${self.person().first} ${self.person().last}`,
  },
  { name: /^/, make: ({ faker }) => `${faker.word.adjective()} ${faker.word.noun()}` },
];
