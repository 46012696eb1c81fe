/** The command line. */
import { processTerminal, runCommandLine } from './commands/run.ts';

// The SDK would say at every start on Node.js 20 which version it will need next year.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
process.exitCode = await runCommandLine(process.argv.slice(2), processTerminal);
