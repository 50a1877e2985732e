/** Takes the lock of each run folder it is told, says whether it got it, and lets it go when told so. */
import { lockRunFolder, runFolderAt } from '../../packages/train/dist/index.js';

let release;
process.on('message', async (folder) => {
  if (folder === 'release') {
    await release?.();
    release = undefined;
    process.send('released');
    return;
  }
  try {
    release = await lockRunFolder(runFolderAt(folder));
    process.send('taken');
  } catch ({ code }) {
    process.send(code);
  }
});
process.send('ready');
