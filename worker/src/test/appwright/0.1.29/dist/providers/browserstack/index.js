'use strict';
const { Base } = require('./base');
const { byItself } = require('../../by-itself');

exports.BrowserStackDeviceProvider = class BrowserStackDeviceProvider extends Base {
  async globalSetup() {
    const { buildPath } = this.project.use;
    if (!buildPath.startsWith('bs://')) return super.globalSetup();
    process.env[`BROWSERSTACK_APP_URL_${this.project.name.toUpperCase()}`] = buildPath;
  }

  static async downloadVideo() {
    byItself('wait ten seconds for a video');
    return null;
  }
};
