import {
  Alarm,
  AlarmStatusWidget,
  ComparisonOperator,
  Dashboard,
  GraphWidget,
  type IMetric,
  MathExpression,
  TextWidget,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnQueryDefinition, type ILogGroup } from 'aws-cdk-lib/aws-logs';
import { type ITopic, Subscription, SubscriptionProtocol, Topic } from 'aws-cdk-lib/aws-sns';
import { Duration, Stack, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Configuration } from '../config/schema.ts';
import type { FunctionName } from '../lambda/functions.ts';
import { acceptRules } from './accepted-rules.ts';
import { type AlarmDefinition, alarmDefinitions, expressionOf, type Severity, severities } from './alarms.ts';
import { type LogQuery, logQueries } from './log-queries.ts';
import { metricOf, type Watched } from './metric-of.ts';

/** Columns of a dashboard, and those of one graph. */
const dashboardWidth = 24;
const graphWidth = 6;

export interface MonitoringProps extends Watched {
  readonly monitoring: Configuration['monitoring'];
  /** Whether the API's registration has no client secret. */
  readonly federated: boolean;
  /** Of the functions that there are. */
  readonly logs: ReadonlyMap<FunctionName, ILogGroup>;
  readonly accessLog: ILogGroup;
  /** Encrypts the topic; without it the topic is not encrypted, because no key that AWS owns admits CloudWatch. */
  readonly encryptionKey?: IKey | undefined;
}

/** A right that is given though nothing in the local run needs it: `test/least-privilege/` lists all others. */
export const ofTopicPolicy = {
  grant:
    'MonitoringTopicPolicy: sns:Publish on the topic by cloudwatch.amazonaws.com where aws:SourceAccount is the account',
  reason: 'Alarms of the account publish; the local run has no alarms.',
};

const missingData: Readonly<Record<AlarmDefinition['missing'], TreatMissingData>> = {
  fine: TreatMissingData.NOT_BREACHING,
  bad: TreatMissingData.BREACHING,
  'as before': TreatMissingData.IGNORE,
};

/**
 * What watches the deployment: alarms in three severities, the topic that they tell, one dashboard, and saved
 * queries of the logs. docs/runbook.md has a section for each alarm.
 */
export class Monitoring extends Construct {
  readonly alarms: readonly Alarm[];
  /** Those that undo an update of the functions. */
  readonly stopsUpdates: readonly Alarm[];
  readonly topic: ITopic;

  constructor(scope: Construct, id: string, props: MonitoringProps) {
    super(scope, id);
    this.topic = this.#topic(props);
    const definitions = alarmDefinitions(props.monitoring.monthlyUsd, {
      federated: props.federated,
      canary: props.monitoring.canary,
    });
    const made = definitions.map((definition) => {
      const metric = this.#metric(definition, props);
      return { definition, metric, alarm: this.#alarm(definition, metric) };
    });
    this.alarms = made.map(({ alarm }) => alarm);
    this.stopsUpdates = made.flatMap(({ definition, alarm }) => (definition.stopsUpdates ? [alarm] : []));
    this.#dashboard(made);
    this.#queries(props);
  }

  #topic({ monitoring, encryptionKey }: MonitoringProps): ITopic {
    if (monitoring.topicArn !== undefined) return Topic.fromTopicArn(this, 'Topic', monitoring.topicArn);
    const topic = new Topic(this, 'Topic', {
      enforceSSL: true,
      ...(encryptionKey && { masterKey: encryptionKey }),
    });
    // The policy that requires TLS replaces the one by which the account's own alarms may publish: `ofTopicPolicy`.
    topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    if (monitoring.email !== undefined) {
      const email = new Subscription(this, 'Email', {
        topic,
        protocol: SubscriptionProtocol.EMAIL,
        endpoint: monitoring.email,
      });
      acceptRules(email, 'email');
    }
    if (!encryptionKey)
      Validations.of(topic).acknowledge({
        id: 'AwsSolutions-SNS2',
        reason:
          'Holds names of alarms only. CloudWatch cannot publish to a topic under the key that AWS manages; encryptionKeyArn gives it a key of your own.',
      });
    acceptRules(topic, 'topic');
    return topic;
  }

  #metric(definition: AlarmDefinition, watched: Watched): IMetric {
    const { metrics, statistic, periodMinutes, name } = definition;
    const [first, ...others] = metrics.map((source) => metricOf(source, watched, statistic, periodMinutes));
    const expression = expressionOf(definition);
    if (first === undefined) throw new TypeError(`The alarm ${name} has no metric.`);
    if (expression === undefined) return first;
    return new MathExpression({
      expression,
      label: name,
      period: Duration.minutes(periodMinutes),
      usingMetrics: Object.fromEntries([first, ...others].map((metric, index) => [`m${index}`, metric])),
    });
  }

  #alarm(definition: AlarmDefinition, metric: IMetric): Alarm {
    const { name, severity, meaning, runbook, periods, datapoints, threshold, rings, missing } = definition;
    const alarm = new Alarm(this, name, {
      alarmName: `${Stack.of(this).stackName}-${severity}-${name}`,
      alarmDescription: `${meaning} What to do: docs/runbook.md#${runbook}`,
      metric,
      evaluationPeriods: periods,
      datapointsToAlarm: datapoints ?? periods,
      threshold,
      comparisonOperator:
        rings === 'below'
          ? ComparisonOperator.LESS_THAN_THRESHOLD
          : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: missingData[missing],
    });
    const action = new SnsAction(this.topic);
    alarm.addAlarmAction(action);
    // The end of what can wait for a week needs no message.
    if (severity !== 'low') alarm.addOkAction(action);
    return alarm;
  }

  #dashboard(
    made: readonly {
      readonly definition: AlarmDefinition;
      readonly metric: IMetric;
      readonly alarm: Alarm;
    }[],
  ): void {
    const dashboard = new Dashboard(this, 'Dashboard', {
      dashboardName: Stack.of(this).stackName,
      defaultInterval: Duration.hours(12),
    });
    for (const severity of Object.keys(severities) as Severity[]) {
      const ofSeverity = made.filter(({ definition }) => definition.severity === severity);
      dashboard.addWidgets(
        new TextWidget({
          markdown: `## ${severity}\n${severities[severity]}`,
          width: dashboardWidth,
          height: 2,
        }),
      );
      dashboard.addWidgets(
        new AlarmStatusWidget({
          title: `Alarms: ${severity}`,
          alarms: ofSeverity.map(({ alarm }) => alarm),
          width: dashboardWidth,
          height: 2 + Math.ceil(ofSeverity.length / 4),
        }),
      );
      dashboard.addWidgets(
        ...ofSeverity.map(
          ({ definition, metric, alarm }) =>
            new GraphWidget({
              title: definition.name,
              left: [metric],
              leftAnnotations: [alarm.toAnnotation()],
              leftYAxis: { min: 0, showUnits: false },
              width: graphWidth,
              height: 5,
            }),
        ),
      );
    }
  }

  #queries({ logs, accessLog }: MonitoringProps): void {
    for (const [name, query] of Object.entries<LogQuery>(logQueries)) {
      const groups = query.logs === 'access' ? [accessLog] : query.logs.flatMap((of) => logs.get(of) ?? []);
      if (groups.length === 0) continue;
      new CfnQueryDefinition(this, `Query-${name}`, {
        name: `${Stack.of(this).stackName}/${name}`,
        logGroupNames: groups.map(({ logGroupName }) => logGroupName),
        queryString: query.lines.join('\n| '),
      });
    }
  }
}
