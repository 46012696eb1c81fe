import { checkLength, QueryOptionProblem, shownText } from './problem.ts';

/** Control characters, and the two that mean something inside a quoted phrase. */
const notInPhrase = /["\\\p{Cc}]/u;

const phraseForm = 'words, or words in one pair of double quotes';

/**
 * `$search`, in its documented form: one phrase. The quotes may be left out.
 * @returns the phrase without quotes
 * @throws QueryOptionProblem
 */
export const parseSearch = (value: string): string => {
  checkLength('$search', value);
  const start = value.length - value.trimStart().length;
  const text = value.trim();
  const quoted = text.startsWith('"');
  if (quoted && (text.length < 2 || !text.endsWith('"')))
    throw new QueryOptionProblem('$search', 'has a quote that is not closed', start, phraseForm);
  const phrase = quoted ? text.slice(1, -1) : text;
  if (phrase.trim() === '') throw new QueryOptionProblem('$search', 'contains no word', start, phraseForm);
  const wrong = notInPhrase.exec(phrase);
  if (wrong !== null)
    throw new QueryOptionProblem(
      '$search',
      `has the character ${shownText(wrong[0])} inside the words`,
      start + (quoted ? 1 : 0) + wrong.index,
      phraseForm,
    );
  return phrase;
};

export const renderSearch = (phrase: string): string => `"${phrase}"`;
