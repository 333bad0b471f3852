package dev.qgjob.simfarm.uiautomator;

import dev.qgjob.simfarm.screen.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** Finds elements of a page by the strategies that Appium's driver knows. Stateless. */
final class Finder {
  private Finder() {}

  /**
   * The elements that match, in the order of the page.
   *
   * @param within only what lies within this element, if given
   */
  static List<Element> find(Page page, String strategy, String selector, Optional<Element> within)
      throws WebDriverException {
    List<Element> all = page.elements();
    List<Element> found =
        switch (strategy) {
          case "-android uiautomator" -> UiSelector.parse(selector).find(all);
          case "xpath" -> xpath(page, selector, within);
          case "id" -> byId(all, selector);
          case "accessibility id" -> by(all, "content-desc", selector);
          case "class name" -> by(all, "class", selector);
          default ->
              throw WebDriverException.invalidSelector(
                  "The locator strategy '" + strategy + "' is not simulated");
        };
    return within
        .map(root -> found.stream().filter(each -> isWithin(each, root)).toList())
        .orElse(found);
  }

  private static List<Element> by(List<Element> all, String attribute, String wanted) {
    return all.stream().filter(each -> each.getAttribute(attribute).equals(wanted)).toList();
  }

  /** An id without a package stands for the one of the app, as the driver has it. */
  private static List<Element> byId(List<Element> all, String id) {
    return all.stream()
        .filter(
            each -> {
              String own = each.getAttribute("resource-id");
              return own.equals(id) || own.equals(each.getAttribute("package") + ":id/" + id);
            })
        .toList();
  }

  private static List<Element> xpath(Page page, String expression, Optional<Element> within)
      throws WebDriverException {
    try {
      Object root = within.<Object>map(element -> element).orElse(page.document());
      NodeList nodes =
          (NodeList)
              XPathFactory.newInstance()
                  .newXPath()
                  .evaluate(expression, root, XPathConstants.NODESET);
      List<Element> found = new ArrayList<>();
      for (int i = 0; i < nodes.getLength(); i++) {
        if (nodes.item(i) instanceof Element element
            && element != page.document().getDocumentElement()) {
          found.add(element);
        }
      }
      return found;
    } catch (XPathExpressionException e) {
      throw WebDriverException.invalidSelector("Not an XPath that finds elements: " + expression);
    }
  }

  private static boolean isWithin(Element element, Element root) {
    for (Node node = element.getParentNode(); node != null; node = node.getParentNode()) {
      if (node == root) {
        return true;
      }
    }
    return false;
  }
}
