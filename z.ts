import { startDeliverySurroundings } from './bench/delivery/surroundings.ts';
import { buildOwn } from './bench/builds/function-bundles.ts';
import { fork } from 'node:child_process';
const s = await startDeliverySurroundings(); const b = await buildOwn();
const part = await s.startWorker(b.functions.deliver!.directory);
const bare = await s.startBareLoop();
for (let i=0;i<3;i++){ await part.ask({events:2500,run:`w${i}-`}); await s.receiver.ask('x'); const c0=await part.cpuMs(); await part.ask('work'); console.log('ours',((await part.cpuMs())-c0)/2500);
 await bare.ask({events:2500,run:`b${i}-`}); await s.receiver.ask('x'); const c1=await bare.cpuMs(); await bare.ask('work'); console.log('bare',((await bare.cpuMs())-c1)/2500);}
await part.stop(); await bare.stop(); await b.close(); await s.close();
