/**
 * The shape of the repository: which folder may import which, and the limits that keep it readable. `npm run
 * lint` checks the sources against it (scripts/check-structure.ts); the table in docs/architecture.md is made
 * from it.
 */

export interface FolderRule {
  /** From the root. If folders inside it have rules, the rule applies to the files directly in it. */
  readonly folder: string;
  /** Its content, for the table. */
  readonly holds: string;
  /**
   * The folders it may import, besides itself and packages. "earlier" means every folder above it in the
   * list.
   */
  readonly imports: readonly string[] | 'earlier';
}

/**
 * From the bottom up: a folder imports only earlier folders in the list, so no two folders import each other.
 */
export const folderRules: readonly FolderRule[] = [
  {
    folder: 'config',
    holds: 'Schema, defaults, checks and reference of the configuration',
    imports: [],
  },
  {
    folder: 'connector/contract',
    holds:
      'The operations of the connector, each declared once, and the schemas and routes derived from them',
    imports: ['config'],
  },
  {
    folder: 'connector/texts',
    holds: 'The texts of connector and flows in the other languages, and what a language is',
    imports: [],
  },
  {
    folder: 'connector/emit',
    holds: 'Swagger, apiProperties, settings, icon and package, made from the contract',
    imports: ['config', 'connector/contract', 'connector/texts'],
  },
  {
    folder: 'connector/canonical',
    holds: 'A connector in canonical form: the meaning of its files, independent of the tool that wrote them',
    imports: ['connector/emit'],
  },
  {
    folder: 'connector/check',
    holds: 'The offline checker for any connector: rules, positions, fixes, formats',
    imports: [],
  },
  {
    folder: 'connector/diff',
    holds: 'The changes for flows between two versions of a connector',
    imports: ['config', 'connector/emit', 'connector/canonical'],
  },
  {
    folder: 'connector/reference',
    holds: 'The operations and the designer as text, for the documentation',
    imports: ['connector/contract', 'connector/canonical'],
  },
  {
    folder: 'flows',
    holds: 'Ready flows: definitions, the expression language, the engine, packages and their checks',
    imports: ['config', 'connector/contract', 'connector/texts', 'connector/emit'],
  },
  {
    folder: 'lambda',
    holds: 'The facts of each function (`functions.ts`): memory, time-out, rights, queues, metrics',
    imports: [],
  },
  {
    folder: 'lambda/runtime',
    holds:
      'Shared by all functions: errors, JSON, HTTP client, queue, log, metrics, settings; nothing of the domain',
    imports: ['config', 'lambda'],
  },
  {
    folder: 'lambda/callback',
    holds: 'Callback URLs: their check, their encryption, the POST to them',
    imports: ['lambda', 'lambda/runtime'],
  },
  {
    folder: 'lambda/identity',
    holds: 'Tokens: verifying those of callers, obtaining those for Customer Insights',
    imports: ['lambda/runtime'],
  },
  {
    folder: 'lambda/limiter',
    holds: 'The limit of calls per connection, and the pause of an instance',
    imports: ['lambda/runtime'],
  },
  {
    folder: 'lambda/triggers',
    holds: 'The detection of each trigger: pure functions of the data that was read',
    imports: ['connector/contract', 'lambda/runtime'],
  },
  {
    folder: 'lambda/customer-insights',
    holds: 'The client of the Customer Insights REST API',
    imports: [
      'config',
      'connector/emit',
      'lambda/identity',
      'lambda/limiter',
      'lambda/runtime',
      'lambda/triggers',
    ],
  },
  {
    folder: 'lambda/store',
    holds: 'The state table: its records, messages, leases and lists',
    imports: [
      'config',
      'connector/contract',
      'lambda',
      'lambda/callback',
      'lambda/runtime',
      'lambda/triggers',
    ],
  },
  {
    folder: 'lambda/http',
    holds: 'Serving an operation: routes, validation, sign-in, limit, errors',
    imports: ['config', 'connector/contract', 'lambda/identity', 'lambda/limiter', 'lambda/runtime'],
  },
  {
    folder: 'lambda/ledger',
    holds: 'The decision ledger: its records, and the explanation of a decision',
    imports: ['lambda/runtime', 'lambda/store', 'lambda/triggers'],
  },
  {
    folder: 'lambda/subscriptions',
    holds: 'Function: registers, lists, explains and ends subscriptions',
    imports: [
      'config',
      'connector/contract',
      'lambda/callback',
      'lambda/customer-insights',
      'lambda/http',
      'lambda/ledger',
      'lambda/limiter',
      'lambda/runtime',
      'lambda/store',
      'lambda/triggers',
    ],
  },
  {
    folder: 'lambda/proxy',
    holds: 'Function: actions and drop-downs, from Customer Insights',
    imports: [
      'config',
      'connector/contract',
      'lambda/customer-insights',
      'lambda/http',
      'lambda/runtime',
      'lambda/store',
      'lambda/triggers',
    ],
  },
  {
    folder: 'lambda/console',
    holds: 'Function: the pages of the console, and the operations that they call',
    imports: [
      'config',
      'connector/contract',
      'flows',
      'lambda/customer-insights',
      'lambda/http',
      'lambda/limiter',
      'lambda/proxy',
      'lambda/runtime',
      'lambda/store',
      'lambda/subscriptions',
      'lambda/triggers',
    ],
  },
  {
    folder: 'lambda/resend',
    holds:
      'Function: deliveries and dead letters in the console; redrive and replay, also of the command line',
    imports: [
      'config',
      'lambda/customer-insights',
      'lambda/http',
      'lambda/runtime',
      'lambda/store',
      'lambda/subscriptions',
      'lambda/triggers',
    ],
  },
  {
    folder: 'lambda/dispatch',
    holds: 'Function: queues the instances that are due for a poll',
    imports: ['lambda/runtime', 'lambda/store'],
  },
  {
    folder: 'lambda/watch',
    holds: 'Function: reads an instance, detects events, queues deliveries',
    imports: [
      'lambda/customer-insights',
      'lambda/ledger',
      'lambda/runtime',
      'lambda/store',
      'lambda/triggers',
    ],
  },
  {
    folder: 'lambda/deliver',
    holds: 'Function: calls the flows and decides what happens next',
    imports: ['lambda/callback', 'lambda/runtime', 'lambda/store'],
  },
  {
    folder: 'lambda/dead-letters',
    holds: 'Function: keeps what the queues gave up',
    imports: ['lambda', 'lambda/runtime', 'lambda/store'],
  },
  {
    folder: 'lambda/canary',
    holds: 'Function: sends itself an event as flows get theirs, and receives it',
    imports: ['lambda/runtime', 'lambda/store', 'lambda/triggers'],
  },
  {
    folder: 'lambda/instance-rows',
    holds: 'Function: writes rows for instances of the configuration, when CloudFormation calls it',
    imports: ['config', 'lambda/runtime', 'lambda/store'],
  },
  {
    folder: 'lib',
    holds: 'The CDK app: the stack, and the bundles of the functions',
    imports: ['config', 'connector/contract', 'connector/emit', 'lambda', 'lambda/http', 'lambda/runtime'],
  },
  {
    folder: 'local',
    holds:
      'The local run: interprets the template, with a simulated Customer Insights, Entra ID and Power Automate',
    imports: [
      'config',
      'connector/contract',
      'connector/emit',
      'flows',
      'connector/canonical',
      'connector/reference',
      'lambda/identity',
      'lambda/runtime',
      'lib',
    ],
  },
  {
    folder: 'console',
    holds: 'The pages of the console, which run in the browser; of the others they take types alone',
    imports: ['connector/contract', 'lambda/console', 'local'],
  },
  {
    folder: 'bin',
    holds: 'The command line',
    imports: [
      'config',
      'connector/check',
      'connector/contract',
      'connector/diff',
      'connector/emit',
      'connector/texts',
      'flows',
      'connector/reference',
      'lambda',
      'lambda/callback',
      // doctor asks Entra ID and Customer Insights as the functions do.
      'lambda/customer-insights',
      'lambda/identity',
      'lambda/ledger',
      'lambda/limiter',
      'lambda/resend',
      'lambda/runtime',
      'lambda/store',
      'lambda/triggers',
      'lib',
      'local',
    ],
  },
  {
    folder: 'scripts',
    holds: 'What makes the generated files and checks the structure; the models of cost and of quotas',
    imports: [
      'bin',
      'config',
      'connector/check',
      'connector/emit',
      'connector/reference',
      'flows',
      'lambda',
      'lambda/customer-insights',
      'lambda/dispatch',
      'lambda/runtime',
      'lambda/store',
      'lambda/watch',
      'lib',
      'local',
    ],
  },
  { folder: 'test', holds: 'Tests and what they share, and the simulation', imports: 'earlier' },
  {
    folder: 'bench',
    holds: 'Benchmarks; they take stores and traces from the tests',
    imports: [
      'bin',
      'config',
      'connector/check',
      'connector/contract',
      'connector/emit',
      'flows',
      'lambda',
      'lambda/callback',
      'lambda/deliver',
      'lambda/identity',
      'lambda/limiter',
      'lambda/runtime',
      'lambda/store',
      'lambda/triggers',
      'lambda/watch',
      'lib',
      'local',
      'scripts',
      'test',
    ],
  },
];

export interface StructureRules {
  readonly folders: readonly FolderRule[];
  /** The folder that every function builds on. */
  readonly ground: {
    readonly folder: string;
    readonly mostFiles: number;
    /** Folders whose imports do not count as use by another folder. */
    readonly usersThatDoNotCount: readonly string[];
  };
  /** Files that may reach a limited number of files, themselves included. */
  readonly reach: readonly { readonly entry: string; readonly mostFiles: number }[];
  /** File names that may occur more than twice, each with the reason. */
  readonly conventionalNames: Readonly<Record<string, string>>;
  readonly mostLines: number;
  /** Files with more lines, each with the reason. */
  readonly longFiles: Readonly<Record<string, string>>;
}

export const structureRules: StructureRules = {
  folders: folderRules,
  ground: { folder: 'lambda/runtime', mostFiles: 40, usersThatDoNotCount: ['test', 'bench'] },
  reach: [{ entry: 'lambda/dispatch/index.ts', mostFiles: 30 }],
  conventionalNames: {
    'index.ts': 'The entry of its folder: the handler of a function, or all that other folders may use.',
  },
  mostLines: 300,
  longFiles: {
    'connector/texts/connector-texts.ts': 'Each text of the connector in each language.',
    'console/texts/de.ts': 'Each text of the console in German.',
    'console/texts/en.ts': 'Each text of the console in English.',
    'console/texts/nb.ts': 'Each text of the console in Norwegian.',
    'lambda/functions.ts': 'One table: all that is true of each function.',
    'lambda/runtime/error-codes.ts': 'One closed table of codes.',
    'lib/alarms.ts': 'The alarms, each declared once, as one table.',
    'bin/operator/doctor/assumptions.ts': 'One observer for each assumption of the simulator.',
    'bin/operator/doctor/doctor.ts': 'One check after the other, in the order in which they need each other.',
    'connector/check/grammar.ts': 'The grammar of Swagger and its extensions, as one table.',
    'connector/check/positioned-json.ts': 'One reader: its states call each other.',
    'connector/check/rules/dynamic.ts': 'Rules of one subject, each declared next to its check.',
    'connector/check/rules/files.ts': 'Rules of one subject, each declared next to its check.',
    'connector/check/rules/operations.ts': 'Rules of one subject, each declared next to its check.',
    'connector/check/rules/policy-templates.ts': 'Rules of one subject, each declared next to its check.',
    'connector/check/rules/properties.ts': 'Rules of one subject, each declared next to its check.',
    'connector/check/rules/schemas.ts': 'Rules of one subject, each declared next to its check.',
    'connector/check/rules/structure.ts': 'Rules of one subject, each declared next to its check.',
    'connector/check/rules/texts.ts': 'Rules of one subject, each declared next to its check.',
    'connector/check/rules/webhooks.ts': 'Rules of one subject, each declared next to its check.',
    'lambda/proxy/odata/filter.ts': 'The grammar of $filter, whose productions call each other.',
    'flows/runner/actions/control.ts':
      'One action of control after the other; they share how a block is run.',
    'local/flow-host/flow-host.ts':
      'One simulated host: its flows, their registrations and what their callbacks answer.',
    'local/sqs/queue-state.ts': 'One state machine: every change of a message is in one place.',
    'local/simulator/control/instance-control.ts': 'One table of control actions for an instance.',
    'scripts/import-rules.ts': 'One table of the repository.',
    'test/bin/command-line.test.ts': 'One case for each verb and each refusal of the command line.',
    'test/connector/check/mutations.ts': 'One table: a planted defect for each rule.',
    'test/connector/check/robustness.test.ts': 'One case for each kind of hostile input.',
    'test/connector/check/sound.ts': 'Five synthetic connectors, whole.',
    'test/connector/check/traps.test.ts': 'One case for each known false alarm.',
    'test/connector/diff-changes.ts': 'One table: each change that the comparison must name, with its text.',
    'test/connector/vocabulary.test.ts': 'One table of cases over the vocabulary of the definition.',
    'test/deploy/deploy.test.ts': 'One emulated account, in the order in which an operator deploys to it.',
    'test/e2e/delivery.test.ts': 'One system is started for all cases of delivery.',
    'test/e2e/doctor.test.ts': 'One planted fault for each check of doctor.',
    'test/e2e/triggers-semantics.test.ts': 'One system is started for all triggers.',
    'test/flows/checks/check-flow.test.ts': 'One case for each thing that import or activation refuses.',
    'test/flows/definitions/definitions.test.ts': 'One block for each ready flow.',
    'test/flows/expressions/conformance/documented.ts': 'One table of documented results.',
    'test/flows/expressions/conformance/measured.ts': 'One table of measured results.',
    'test/flows/expressions/properties.test.ts': 'One property for each rule of the language.',
    'test/flows/packages/independent-checker.ts': 'One checker that shares no code with the writer.',
    'test/flows/packages/packages.test.ts': 'One case for each format and option.',
    'test/flows/packages/shapes.ts': 'Shapes made by hand from the formats.',
    'test/flows/runner/scenarios.test.ts': 'Sixty scenarios of one engine.',
    'test/lambda/customer-insights/client.test.ts':
      'One case for each request and each refusal of the client.',
    'test/lambda/deliver/deliver.test.ts': 'One case for each outcome of an attempt.',
    'test/lambda/http/handler.test.ts': 'One case for each step of serving a request, in their order.',
    'test/lambda/proxy/get-items.test.ts': 'One case for each query option of the action.',
    'test/lambda/proxy/hostile/requests.ts': 'One table of hostile requests.',
    'test/lambda/proxy/odata.test.ts': 'One table of expressions with what they become.',
    'test/lambda/proxy/partitions.test.ts': 'Both partition actions, over one file service.',
    'test/lambda/subscriptions/service.test.ts': 'One case for each way a registration goes.',
    'test/lambda/watch/watch.test.ts': 'One case for each way a watch of an instance goes.',
    'test/lib/deployed-template.test.ts': 'One template is synthesised for all rules of a deployment.',
    'test/local/issuer.test.ts': 'One case for each grant and each refusal of the issuer.',
    'test/local/sqs.test.ts': 'One contract of a queue, action by action.',
    'test/local/template/http-api.test.ts': 'One case for each rule of the HTTP API.',
    'test/local/template/run-template.test.ts': 'One case for each resource type of the template.',
    'test/releases/rolling-back.test.ts':
      'One deployment is updated, rolled back and updated again for all cases.',
    'test/pins/upgrade.test.ts': 'One deployment is upgraded for all cases.',
    'test/pins/upgrade/story.ts': 'One story, in the order in which it is played.',
    'test/simulation/simulated-deployment.ts':
      'The wiring of the simulated deployment, resource by resource.',
  },
};
