import { CfnApiMapping, CfnDomainName, type IHttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { CfnRecordSet } from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import type { Configuration } from '../config/schema.ts';

export interface DomainProps {
  readonly domain: NonNullable<Configuration['domain']>;
  readonly api: Pick<IHttpApi, 'apiId'>;
  /** The name of the API's stage. */
  readonly stage: string;
}

/**
 * A host name of the operator's own for the API. The connector and every registered address contain the host, so
 * a name that survives the stack lets it be removed and made again, or moved, without saving each flow.
 */
export class Domain extends Construct {
  /** What a DNS record of the name must point to, where the deployment does not make it. */
  readonly target: string;

  constructor(scope: Construct, id: string, { domain, api, stage }: DomainProps) {
    super(scope, id);
    const { name, certificateArn, hostedZoneId } = domain;
    const domainName = new CfnDomainName(this, 'Name', {
      domainName: name,
      domainNameConfigurations: [{ certificateArn, endpointType: 'REGIONAL', securityPolicy: 'TLS_1_2' }],
    });
    this.target = domainName.attrRegionalDomainName;
    const mapping = new CfnApiMapping(this, 'Mapping', {
      apiId: api.apiId,
      domainName: domainName.ref,
      stage,
    });
    if (hostedZoneId === undefined) return;
    for (const type of ['A', 'AAAA']) {
      const record = new CfnRecordSet(this, type, {
        name,
        type,
        hostedZoneId,
        aliasTarget: {
          dnsName: domainName.attrRegionalDomainName,
          hostedZoneId: domainName.attrRegionalHostedZoneId,
        },
      });
      record.addResourceDependency(mapping);
    }
  }
}
