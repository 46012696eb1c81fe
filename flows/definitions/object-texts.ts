/** To whom a mail about an object goes, and where it leads. */
import { call, setting, type Token, words } from './authoring.ts';
import { recipients } from './flow-settings.ts';

/** Reads a property of an event that has an owner. */
type Owned = (key: 'ownerEmail') => Token;

/** The owner where the event names one, else the list that the organisation has set. */
export const ownerOr = (event: Owned): Token => call('coalesce', event('ownerEmail'), setting(recipients));

/** A paragraph that opens what the event is about; empty where the event has no link. */
export const openLink = (event: (key: 'link') => Token): Token =>
  call(
    'if',
    call('empty', event('link')),
    '',
    call('concat', '<p><a href="', event('link'), '">', words('Open in Customer Insights'), '</a></p>'),
  );
