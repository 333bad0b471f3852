'use strict';
// fetches videos of cloud sessions in the main process, by annotations of the tests
const { byItself } = require('./by-itself');

module.exports = class VideoDownloader {
  onTestEnd(test) {
    if (test.annotations.some((a) => a.type === 'sessionId')) byItself('reporter of videos');
  }
};
