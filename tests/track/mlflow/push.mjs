// Pushes a workspace, and dies after some requests.
//
//     push.mjs FILE URL REQUESTS
import { openWorkspace } from 'hedgerow/track';

const [path, url, last] = process.argv.slice(2);
const workspace = await openWorkspace({ path });
await workspace.push(url, {
  models: true,
  onProgress: ({ requests }) => requests === Number(last) && process.kill(process.pid, 'SIGKILL'),
});
