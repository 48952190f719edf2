/** Another SQLite: Python's. */
import { succeed } from './run.js';

const python = process.env.EDGE_PYTHON ?? 'python3';

const program = `
import json, sqlite3, sys
db = sqlite3.connect(sys.argv[1])
print(json.dumps(db.execute(sys.argv[2]).fetchall()))
db.commit()
`;

/** The rows that a statement gives on a file. */
export async function rows(path: string, sql: string): Promise<unknown[][]> {
  return JSON.parse(await succeed(python, ['-c', program, path, sql], '.'));
}
