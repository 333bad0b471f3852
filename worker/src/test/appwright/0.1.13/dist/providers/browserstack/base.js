'use strict';
const { Device } = require('../../device');
const { byItself } = require('../../by-itself');

const api = 'https://api-cloud.browserstack.com/app-automate/sessions';
const variable = (project) => `BROWSERSTACK_APP_URL_${project.name.toUpperCase()}`;
const { BROWSERSTACK_USERNAME: user, BROWSERSTACK_ACCESS_KEY: key } = process.env;
const Authorization = `Basic ${Buffer.from(`${user}:${key}`).toString('base64')}`;

class Base {
  constructor(project) {
    this.project = project;
  }

  async globalSetup() {
    byItself('upload');
    process.env[variable(this.project)] = 'bs://uploaded-by-itself';
  }

  async getDevice() {
    const webdriver = (await import('webdriver')).default;
    const client = await webdriver.newSession(this.createConfig());
    this.sessionId = client.sessionId;
    await this.getSessionDetails();
    return new Device(client, this.sessionDetails.app_details.app_name, {}, 'browserstack', this);
  }

  async getSessionDetails() {
    const answer = await fetch(`${api}/${this.sessionId}.json`, { headers: { Authorization } });
    this.sessionDetails = (await answer.json()).automation_session;
  }

  async syncTestDetails({ name, status, reason }) {
    const answer = await fetch(`${api}/${this.sessionId}.json`, {
      method: 'PUT',
      headers: { Authorization, 'Content-Type': 'application/json' },
      body: JSON.stringify(status ? { status, reason } : { name }),
    });
    if (!answer.ok) throw new Error(`Error setting session details: ${answer.statusText}`);
    return answer.json();
  }

  createConfig() {
    if (!process.env[variable(this.project)]) throw new Error(`${variable(this.project)} is not set`);
    const { name: deviceName, osVersion } = this.project.use.device;
    return {
      protocol: 'https',
      hostname: 'hub.browserstack.com',
      port: 443,
      path: '/wd/hub',
      user,
      key,
      capabilities: {
        'bstack:options': { deviceName, osVersion, buildName: 'theirs', sessionName: 'theirs' },
        'appium:app': process.env[variable(this.project)],
        'appium:fullReset': true,
      },
    };
  }
}
exports.Base = Base;
