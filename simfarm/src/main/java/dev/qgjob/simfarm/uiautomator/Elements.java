package dev.qgjob.simfarm.uiautomator;

import dev.qgjob.simfarm.phone.Phone;
import dev.qgjob.simfarm.screen.Page;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.w3c.dom.Element;

/**
 * The elements that were found, by the ids that clients got. The same element of the same screen
 * always gets the same id; once another screen is shown the id is stale. Thread-safe.
 */
final class Elements {
  private static final int MAX_KNOWN = 10_000;

  private final Phone phone;
  private final Map<String, Found> known =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Found> eldest) {
          return size() > MAX_KNOWN;
        }
      };

  Elements(Phone phone) {
    this.phone = phone;
  }

  private record Found(String screen, String key) {}

  /** An element as it is now, and the page that it is on. */
  record OnPage(Page page, Element element) {}

  synchronized String idOf(String screen, Element element) {
    Found found = new Found(screen, Page.key(element));
    String id =
        UUID.nameUUIDFromBytes(
                (found.screen() + "\0" + found.key()).getBytes(StandardCharsets.UTF_8))
            .toString();
    known.put(id, found);
    return id;
  }

  OnPage get(String id) throws WebDriverException {
    Found found;
    synchronized (this) {
      found = known.get(id);
    }
    if (found == null) {
      throw WebDriverException.noSuchElement("No element has the id " + id);
    }
    if (!found.screen().equals(phone.screenId())) {
      throw WebDriverException.stale();
    }
    Page page = phone.page();
    return new OnPage(page, page.find(found.key()).orElseThrow(WebDriverException::stale));
  }
}
