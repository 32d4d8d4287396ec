/** Names, by what is called so: a user has another kind of name than a company, a product or a file. */

import { oneOf } from './fake-data.js';
import type { Rule, World } from './likely.js';

const name = /^(?:(?:full|display|legal|real|preferred|short|common|formatted) )?names?$/;
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const titled = ({ faker }: World): string =>
  `${capital(faker.word.adjective())} ${capital(faker.word.noun())}`;
const technical = ({ faker }: World): string =>
  `${faker.word.adjective()}-${faker.word.noun()}`.toLowerCase().replace(/[^a-z-]/g, '');
const full = ({ self }: World): string => `${self.person().first} ${self.person().last}`;

/** The kinds of owners, each by a word of what they are called. */
const kinds: readonly (readonly [owner: RegExp, make: Rule['make']])[] = [
  [
    /\b(?:file|document|attachment|image|photo|picture|video|media|asset|upload|artifact)s?$/,
    ({ faker }) => faker.system.commonFileName(),
  ],
  [
    /\b(?:product|item|article|variant|goods|sku|listing|price|offer|line item|merchandise)s?$/,
    ({ faker }) => faker.commerce.productName(),
  ],
  [
    /\b(?:company|companies|organi[sz]ation|org|business|merchant|supplier|vendor|publisher|brand|manufacturer|bank|store|shop|airline|employer|institution|tenant|seller|agency|workspace)s?$/,
    ({ faker }) => faker.company.name(),
  ],
  [/\b(?:pet|animal|dog|cat|horse|puppy)s?$/, ({ faker }) => faker.animal.petName()],
  [/\bbooks?$/, ({ faker }) => faker.book.title()],
  [/\b(?:song|track)s?$/, ({ faker }) => faker.music.songName()],
  [/\balbums?$/, ({ faker }) => faker.music.album()],
  [/\b(?:food|dish|recipe|meal|menu item|pizza)(?:e?s)?$/, ({ faker }) => faker.food.dish()],
  [/\bingredients?$/, ({ faker }) => faker.food.ingredient()],
  [/\bcountr(?:y|ies)$/, ({ self }) => self.country()[0]],
  [/\b(?:cit(?:y|ies)|town|municipality)$/, ({ faker }) => faker.location.city()],
  [/\b(?:state|province|region)s?$/, ({ faker }) => faker.location.state()],
  [/\bcurrenc(?:y|ies)$/, ({ faker }) => faker.finance.currencyName()],
  [/\bcolou?rs?$/, ({ faker }) => faker.color.human()],
  [/\b(?:vehicle|car)s?$/, ({ faker }) => faker.vehicle.vehicle()],
  [/\b(?:categor(?:y|ies)|department)s?$/, ({ faker }) => faker.commerce.department()],
  [/\b(?:role|permission)s?$/, ({ random }) => oneOf(random, 'admin', 'member', 'editor', 'viewer')],
  [/\b(?:tag|label|topic|keyword|badge)s?$/, ({ faker }) => faker.word.noun().toLowerCase()],
  [
    /\b(?:repo|repository|repositories|project|service|app|application|cluster|namespace|pod|node|server|container|branch|package|module|pipeline|job|workflow|deployment|environment|database|table|bucket|queue|volume|secret|host|instance|image|registry|integration|bot|metadata|resource|key|variable|column|field|function|event|webhook|metric|alert|monitor|rule|policy)(?:e?s)?$/,
    technical,
  ],
  [
    /\b(?:user|person|people|customer|employee|author|owner|member|contact|patient|student|teacher|driver|player|sender|recipient|admin|actor|creator|assignee|reviewer|committer|profile|guest|client|agent|artist|buyer|candidate|passenger|individual|manager|cardholder|billing|shipping|account|worker|doctor|subscriber|participant|attendee|follower|friend|child|parent)s?(?: (?:details|info|response|dto|model|data|summary|schema|object|input|output))?$/,
    full,
  ],
];

const personal =
  /^(?:full name|real name|legal name|preferred name|contact name|customer name|card ?holder(?: name)?|account holder(?: name)?|author name|owner name|employee name|recipient name|sender name|billing name|shipping name)$/;

/** Rules for what is called a name; those that know whose come first. */
export const likelyNames: readonly Rule[] = [
  ...kinds.map(([owner, make]): Rule => ({ name, owner, make })),
  // `user_name` as one of a user, `team name` as one of a team.
  ...kinds.map(([owner, make]): Rule => ({ name: new RegExp(owner.source.replace(/\$$/, ' name$')), make })),
  { name: personal, make: full },
  { name: /^display name$/, make: full },
  { name: /\bnames?$/, make: titled },
];
