import packageFile from '../../package.json' with { type: 'json' };

/** Version of the connector: that of the package. */
export const connectorVersion: string = packageFile.version;
