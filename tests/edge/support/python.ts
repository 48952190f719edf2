/** The Python that has what exported models are run in and checked with. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const installed = fileURLToPath(new URL('../../../target/edge-venv/bin/python', import.meta.url));
export const python = process.env.EDGE_PYTHON ?? installed;

/** A command that its packages brought along. */
export const pythonTool = (name: string) => join(dirname(python), name);
