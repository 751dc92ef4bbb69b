import { startPostgres, startNats, freePort, removeHome, provisionMesh, ensureHome } from '@clearance/provision';
import { meshHome } from '@clearance/platform';
import { mkdtempSync, chmodSync } from 'node:fs';
const d = mkdtempSync('/tmp/h5-'); chmodSync(d, 0o711);
const home = meshHome(d);
const which = process.argv[2];
if (which !== 'nats') { const p = await startPostgres(home, { port: await freePort(), durable: false }); await p.stop(); }
if (which !== 'pg') { await provisionMesh({units:[],consumers:[],limits:{maxPayloadBytes:4194304}}, home, Date.now()); const n = await startNats(home, { binary: '/work/main/.mesh/bin/nats-server', port: await freePort(), monitorPort: await freePort() }); await n.stop(); }
await removeHome(home);
const s = Date.now();
console.log(process.getActiveResourcesInfo());
process.on('exit', () => console.log('exit after', Date.now() - s));
const i = setInterval(() => console.log(process.getActiveResourcesInfo()), 5000); i.unref();
