import { ConnectorError, type Problem } from './errors.ts';

/** How many problems are listed. */
const maximumProblems = 20;

/** A name as it is safe to repeat in a message. */
const shown = (name: string): string => JSON.stringify(name.slice(0, 64));

/** One error for all the problems of a request; its message names the first ones in full sentences. */
export const requestInvalid = (problems: readonly Problem[]): ConnectorError<'RequestInvalid'> => {
  const listed = problems.slice(0, maximumProblems).map((problem) => ({
    ...problem,
    parameter: problem.parameter.slice(0, 64),
  }));
  const sentences = listed
    .slice(0, 3)
    .map(
      ({ parameter, problem, allowed }) =>
        `${shown(parameter)} ${problem}${allowed ? `; allowed: ${allowed}` : ''}.`,
    );
  const more = problems.length - sentences.length;
  return new ConnectorError(
    'RequestInvalid',
    `${sentences.join(' ')}${more > 0 ? ` And ${more} more under details.` : ''} Correct the request and send it again.`,
    { details: listed },
  );
};
