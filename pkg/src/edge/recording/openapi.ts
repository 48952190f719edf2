/** The paths of what was recorded, as OpenAPI has them. */
import { JSON_TYPE } from '../body.js';

const BYTES_TYPE = 'application/octet-stream';

const answers = (type: string) => ({
  200: { description: 'OK', content: { [type]: {} } },
  '4XX': {
    description: 'What is wrong, and what to do',
    content: { [JSON_TYPE]: { schema: { $ref: '#/components/schemas/Error' } } },
  },
});

const time = (name: string, description: string) => ({
  name,
  in: 'query',
  description,
  schema: { type: 'string', format: 'date-time' },
});

const label = {
  type: 'object',
  properties: {
    id: { type: 'string', description: 'The x-request-id of the answer.' },
    row: {
      type: 'integer',
      minimum: 0,
      description: 'The row of that request, from 0. Without it, the first.',
    },
    label: { description: 'What is true of the row: a class, or a number.' },
  },
  required: ['id', 'label'],
};

/** All of them. */
export const paths = {
  '/profile': {
    get: {
      summary: 'What was seen, counted: a profile that adds up with others, without any row',
      parameters: [
        time('from', 'Hours that begin at this time or later'),
        time('to', 'Hours that begin before it'),
      ],
      responses: answers(BYTES_TYPE),
    },
  },
  '/profile/windows': {
    get: { summary: 'The hours that have rows', responses: answers(JSON_TYPE) },
  },
  '/feedback': {
    post: {
      summary: 'What turned out to be true of rows, by the request that they were in',
      requestBody: {
        required: true,
        content: {
          [JSON_TYPE]: {
            schema: {
              type: 'object',
              properties: { feedback: { type: 'array', items: label } },
              required: ['feedback'],
            },
            example: { feedback: [{ id: 'the x-request-id of an answer', row: 0, label: 'what is true' }] },
          },
        },
      },
      responses: answers(JSON_TYPE),
    },
  },
};
