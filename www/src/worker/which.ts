/** Which model is meant: the current one, that of a file, or a registered version. */
import type { Model } from 'hedgerow';
import { library } from './library.ts';
import type { Watched } from './protocol.ts';
import { theModel } from './session.ts';
import { theWorkspace } from './workspace.ts';

export async function modelOf(which: Watched): Promise<Model> {
  const { Model } = await library();
  switch (which.from) {
    case 'current':
      return theModel();
    case 'file':
      return Model.load(await which.source.arrayBuffer());
    case 'version': {
      const workspace = await theWorkspace();
      return Model.load(await workspace.versionBytes(`${which.name}/${which.version}`));
    }
  }
}

/** As the command line is told of it; null of the current one. */
export function nameOf(which: Watched): string | null {
  switch (which.from) {
    case 'current':
      return null;
    case 'file':
      return which.name;
    case 'version':
      return `${which.name}/${which.version}`;
  }
}
