/** What several keys of the configuration have by default: by preset, and by cloud of Microsoft. */

export const presets = {
  production: { logRetentionDays: 30, alarms: true, terminationProtection: true },
  dev: { logRetentionDays: 7, alarms: false, terminationProtection: false },
} as const;

export type Preset = keyof typeof presets;

export const defaultPreset: Preset = 'production';

/**
 * Microsoft's clouds that can be served. The list of the built-in connector's clouds leaves out GCC High, DoD and
 * China (21Vianet): Customer Insights is not offered there, so no deployment could work.
 */
export const clouds = {
  public: {
    allowedHosts: ['*.logic.azure.com', '*.environment.api.powerplatform.com'],
    /** Host of Microsoft Entra ID. */
    signIn: 'login.microsoftonline.com',
    customerInsights: {
      url: 'https://api.ci.ai.dynamics.com/v1',
      scope: 'https://api.ci.ai.microsoft.com/.default',
      linkBase: 'https://home.ci.ai.dynamics.com',
    },
  },
  gcc: {
    allowedHosts: ['*.logic.azure.us', '*.environment.api.gov.powerplatform.microsoft.us'],
    // GCC is in the worldwide directory; only GCC High and DoD have one of their own.
    signIn: 'login.microsoftonline.com',
    // No published address: the configuration must give it.
    customerInsights: {},
  },
} as const satisfies Readonly<
  Record<
    string,
    {
      readonly allowedHosts: readonly string[];
      readonly signIn: string;
      readonly customerInsights: Readonly<Partial<Record<'url' | 'scope' | 'linkBase', string>>>;
    }
  >
>;

export type Cloud = keyof typeof clouds;

export const defaultCloud: Cloud = 'public';

/** Microsoft's portals for makers, where a custom connector has its page. */
export const portalHosts = [
  'make.powerautomate.com',
  'make.powerapps.com',
  'make.gov.powerautomate.us',
  'make.gov.powerapps.us',
];
