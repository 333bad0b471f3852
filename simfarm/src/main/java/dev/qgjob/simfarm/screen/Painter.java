package dev.qgjob.simfarm.screen;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.w3c.dom.Element;

/** Draws a page as a PNG, without a display. Thread-safe. */
public final class Painter {
  private static final Logger LOG = LoggerFactory.getLogger(Painter.class);
  private static final Color PAPER = new Color(0xfafafa);
  private static final Color LINE = new Color(0xc0c0c0);
  private static final Color INK = new Color(0x202020);
  private static final Color BAR = new Color(0x37474f);

  /** Whether the JRE can draw letters: a headless one without any font cannot. */
  private static volatile boolean letters = true;

  static {
    System.setProperty("java.awt.headless", "true");
    ImageIO.setUseCache(false);
  }

  private Painter() {}

  /** The page as a PNG of its own size. */
  public static byte[] png(Page page) {
    BufferedImage image =
        new BufferedImage(page.width(), page.height(), BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = image.createGraphics();
    try {
      pen.setColor(PAPER);
      pen.fillRect(0, 0, page.width(), page.height());
      page.elements().forEach(element -> draw(pen, element));
    } finally {
      pen.dispose();
    }
    return encode(image);
  }

  /** The part of the page that the element covers, as a PNG. */
  public static byte[] png(Page page, Element element) {
    Rectangle where = Page.bounds(element).intersection(new Rectangle(page.width(), page.height()));
    BufferedImage image =
        new BufferedImage(
            Math.max(1, where.width), Math.max(1, where.height), BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = image.createGraphics();
    try {
      pen.setColor(PAPER);
      pen.fillRect(0, 0, image.getWidth(), image.getHeight());
      pen.translate(-where.x, -where.y);
      page.elements().forEach(each -> draw(pen, each));
    } finally {
      pen.dispose();
    }
    return encode(image);
  }

  private static void draw(Graphics2D pen, Element element) {
    Rectangle where = Page.bounds(element);
    String text = Page.shownAs(element);
    boolean title = Page.key(element).equals("title");
    if (title) {
      pen.setColor(BAR);
      pen.fill(where);
    } else if (Page.node(element).isPresent()) {
      pen.setColor(LINE);
      pen.drawRect(where.x + 12, where.y + 4, where.width - 24, Math.max(1, where.height - 8));
      if (element.getAttribute("checkable").equals("true")) {
        Rectangle box =
            new Rectangle(where.x + where.width - 90, where.y + where.height / 2 - 24, 48, 48);
        pen.setColor(INK);
        pen.draw(box);
        if (element.getAttribute("checked").equals("true")) {
          pen.fillRect(box.x + 10, box.y + 10, 29, 29);
        }
      }
    }
    if (!text.isEmpty()) {
      pen.setColor(title ? PAPER : INK);
      write(pen, text, where);
    }
  }

  private static void write(Graphics2D pen, String text, Rectangle where) {
    int size = Math.max(12, Math.min(48, where.height / 2));
    if (letters) {
      try {
        pen.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, size));
        pen.drawString(text, where.x + 40, where.y + (where.height + size) / 2 - 4);
        return;
      } catch (RuntimeException | LinkageError | InternalError e) {
        letters = false;
        LOG.warn("this JRE has no fonts: screenshots show boxes in place of letters");
      }
    }
    int x = where.x + 40;
    for (int i = 0; i < text.length(); i++, x += size / 2 + 2) {
      if (text.charAt(i) != ' ') {
        pen.fillRect(x, where.y + (where.height - size) / 2, size / 2, size);
      }
    }
  }

  private static byte[] encode(BufferedImage image) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      ImageIO.write(image, "png", out);
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
