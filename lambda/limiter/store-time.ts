/** Milliseconds (of real time) after which a request to the limiter's table counts as failed. */
export const storeTimeoutMs = 3_000;

/**
 * Settles as `request` does, or rejects after `milliseconds`. The request is not cancelled: whether the table has carried it out could
 * not be told then either.
 */
export const withinStoreTime = async <Answer>(
  request: Promise<Answer>,
  milliseconds = storeTimeoutMs,
): Promise<Answer> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`The limiter's table did not answer within ${milliseconds} ms.`)),
      milliseconds,
    );
  });
  try {
    return await Promise.race([request, late]);
  } finally {
    clearTimeout(timer);
  }
};
