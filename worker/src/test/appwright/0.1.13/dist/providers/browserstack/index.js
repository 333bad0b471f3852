'use strict';
const { Base } = require('./base');
const { byItself } = require('../../by-itself');

exports.BrowserStackDeviceProvider = class BrowserStackDeviceProvider extends Base {
  async downloadVideo() {
    byItself('wait ten seconds for a video');
    return null;
  }
};
