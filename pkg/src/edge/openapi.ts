/** The protocol of one model as an OpenAPI 3.1 document. */
import { CSV_TYPE, JSON_TYPE } from './body.js';
import type { Description } from './description.js';
import { csvOf, exampleOf } from './example.js';
import { METRICS_TYPE } from './metrics.js';
import type { Settings } from './options.js';
import { ref, schemasOf } from './schemas.js';
import { exampleInputs } from './tensors.js';

/** The document. */
export function openApiOf(description: Description, settings: Settings): unknown {
  const { name, version, learner, task } = description;
  const isOpen = settings.token === undefined;
  return {
    openapi: '3.1.0',
    info: { title: name, version, description: `A ${learner} for ${task}, served by Hedgerow.` },
    paths: { ...pathsOf(description, isOpen), ...settings.recording?.paths },
    components: {
      schemas: schemasOf(description, settings),
      ...(!isOpen && { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } }),
    },
    ...(!isOpen && { security: [{ token: [] }] }),
  };
}

function pathsOf(description: Description, isOpen: boolean): object {
  const { name, version } = description;
  const model = `/v2/models/${name}`;
  const infer = inferring(description);
  // Probes bring no token.
  const probe = (summary: string) => reading(summary, JSON_TYPE, isOpen ? {} : { security: [] });
  return {
    '/invocations': invoking(description),
    [`${model}/infer`]: infer,
    [`${model}/versions/${version}/infer`]: infer,
    [model]: reading('The tensors of the model'),
    [`${model}/ready`]: reading('Whether the model is ready'),
    '/v2': reading('The server'),
    '/v2/health/live': probe('Whether it lives'),
    '/v2/health/ready': probe('Whether it is ready'),
    '/health': probe('Whether it is well'),
    '/ping': probe('Whether it is well'),
    '/version': reading('The version of Hedgerow', 'text/plain'),
    '/model': reading('The model: its version, classes and features'),
    '/metrics': reading('Metrics for Prometheus', METRICS_TYPE),
  };
}

function invoking(description: Description): unknown {
  const row = exampleOf(description);
  return posting('Predicts for rows', ref('Predictions'), {
    [JSON_TYPE]: { schema: ref('Invocation'), example: { dataframe_records: [row] } },
    [CSV_TYPE]: { schema: { type: 'string' }, example: csvOf(row) },
  });
}

function inferring(description: Description): unknown {
  return posting('Predicts for tensors that are named as the features', ref('InferenceResponse'), {
    [JSON_TYPE]: { schema: ref('InferenceRequest'), example: { inputs: exampleInputs(description) } },
  });
}

function reading(summary: string, type = JSON_TYPE, more: object = {}): unknown {
  return { get: { summary, ...more, responses: { 200: { description: 'OK', content: { [type]: {} } } } } };
}

function posting(summary: string, schema: unknown, content: unknown): unknown {
  const answer = (description: string, of: unknown) => ({
    description,
    content: { [JSON_TYPE]: { schema: of } },
  });
  return {
    post: {
      summary,
      requestBody: { required: true, content },
      responses: { 200: answer('OK', schema), '4XX': answer('What is wrong, and what to do', ref('Error')) },
    },
  };
}
