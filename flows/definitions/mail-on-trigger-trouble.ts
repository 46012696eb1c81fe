import {
  call,
  flow,
  html,
  sendMail,
  setting,
  shownTime,
  type Token,
  text,
  wordFor,
  words,
} from './authoring.ts';
import { recipients } from './flow-settings.ts';

/** The state of the trigger, in the language of the mail. */
const stateOf = (state: Token): Token =>
  wordFor(state, { paused: 'is paused', ended: 'has ended', failing: 'is failing' }, words('works again'));

export const mailOnTriggerTrouble = flow({
  id: 'mail-on-trigger-trouble',
  name: 'Mail when one of my triggers is paused',
  description:
    'Sends an e-mail when a trigger of another flow is paused, ended or failing, with what to do, and when it works again.',
  settings: [recipients],
  trigger: {
    name: 'When_one_of_my_triggers_is_in_trouble',
    operationId: 'OnTriggerTrouble',
    parameters: { 'body/report': 'troubleAndRecovery' },
  },
  steps: (event) => [
    sendMail('Mail_the_trouble', {
      to: setting(recipients),
      subject: text`Customer Insights trigger ${stateOf(event('state'))}: ${event('label')}`,
      body: text`<p>The trigger <strong>${html(event('label'))}</strong> of the flow ${html(call('coalesce', event('flowName'), event('workflowId'), words('unknown')))} ${stateOf(event('state'))}, since ${shownTime(event('since'))} UTC.</p><p>${html(event('reason'))}</p><p>${html(event('whatToDo'))}</p>`,
    }),
  ],
});
