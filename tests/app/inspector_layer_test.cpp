// What the inspector says of one layer: of a region, histograms, outliers, mask scores.

#include <cmath>

#include <QComboBox>
#include <QFileDialog>
#include <QImage>
#include <QLabel>
#include <QLineEdit>
#include <QScrollArea>
#include <QTest>
#include <QTextDocument>
#include <QTextOption>
#include <QTimer>
#include <QToolButton>

#include "tests/app/window_fixture.h"

using namespace vitreous;
using namespace vitreous::testing;

class InspectorLayerTest final : public QObject, private WindowFixture {
    Q_OBJECT

private Q_SLOTS:
    void init() { makeWindow(); }
    void cleanup() { closeWindow(); }

    void theLastLayerIsTheFirstChoice() {
        openPair();
        QCOMPARE(layers().currentText(), QString("2"));
        QCOMPARE(layers().count(), 2);
        QVERIFY(layers().isVisible());
        QCOMPARE(histogram().series().size(), std::size_t(2));
        QCOMPARE(histogram().series()[0].values, (std::vector<float>{5, 6, 7, 8}));
    }
    void theLayerIsChosen() {
        openPair();
        layers().setFocus();
        QTest::keyClick(&layers(), Qt::Key_Up);
        QCOMPARE(session_->view().tap, std::string("blocks.0"));
        refresh();
        QCOMPARE(histogram().series()[0].values, (std::vector<float>{1, 2, 3, 4}));
        QCOMPARE(window_->actions()["edit.undo"]->text(), QString("&Undo Layer"));
        window_->actions()["edit.undo"]->trigger();
        refresh();
        QCOMPARE(layers().currentText(), QString("2"));
        QCOMPARE(histogram().series()[0].values, (std::vector<float>{5, 6, 7, 8}));
    }
    void aWheelOverTheLayersScrollsThePanel() {
        openPair();
        const QPointF place = layers().rect().center();
        QWheelEvent wheel(
            place, layers().mapToGlobal(place), {}, {0, 120}, Qt::NoButton, Qt::NoModifier,
            Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(&layers(), &wheel);
        QCOMPARE(session_->view().tap, std::string());
        QCOMPARE(layers().currentText(), QString("2"));
    }
    void theHistogramCountsAllTokens() {
        openPair();
        for (const std::vector<std::size_t>& counts : histogram().counts()) {
            QCOMPARE(counts.size(), std::size_t(8));
            std::size_t sum = 0;
            for (const std::size_t count : counts) {
                sum += count;
            }
            QCOMPARE(sum, std::size_t(4));
        }
        QCOMPARE(histogram().range(), (ValueRange{5.0, 8.0}));
        QVERIFY(!histogram().series()[0].mark);
        pin(TokenPlace{TokenIndex{1}, 2, 2});
        QCOMPARE(histogram().series()[0].mark, std::optional(6.0));
        QVERIFY2(text().contains("a line marks the pinned one"), qPrintable(text()));
        // The line is there to be seen.
        const QImage with = histogramImage();
        pin(TokenPlace{TokenIndex{2}, 2, 2});
        QVERIFY(with != histogramImage());
    }
    void aRegionGoesBeforeAToken() {
        openPair();
        ViewState view = session_->view();
        view.selection.pinned = TokenPlace{TokenIndex{0}, 2, 2};
        view.selection.region = TokenRegion{0, 1, 1, 1, 2, 2};
        session_->setView(view);
        refresh();
        QVERIFY2(text().contains("Rows 1–2, columns 2"), qPrintable(text()));
        QVERIFY(!text().contains("Token at"));
        // Tokens 1 and 3 of 1 to 4, of 5 to 8.
        QCOMPARE(window_->inspector().plot().series()[0].values, (std::vector<double>{3.0, 7.0}));
        QVERIFY2(text().contains("7, mean of 2 tokens"), qPrintable(text()));
        QVERIFY(text().contains("Mean over the region."));
        QCOMPARE(histogram().series()[0].mark, std::optional(7.0));
        // Of another grid.
        view.selection.region = TokenRegion{0, 1, 1, 1, 3, 3};
        session_->setView(view);
        refresh();
        QVERIFY2(text().contains("has no such region"), qPrintable(text()));
        QVERIFY(std::isnan(window_->inspector().plot().series()[0].values[0]));
    }
    void whateverTheGridShows() {
        openPair();
        ViewState view = session_->view();
        view.kind = GridKind::Scrub;
        view.selection.pinned = TokenPlace{TokenIndex{0}, 2, 2};
        session_->setView(view);
        refresh();
        QCOMPARE(window_->inspector().plot().series()[0].values, (std::vector<double>{1.0, 5.0}));
        QCOMPARE(layers().count(), 2);
        // Rows that are no models.
        for (const GridKind kind : {GridKind::Figure3, GridKind::Difference, GridKind::Heads}) {
            view.kind = kind;
            session_->setView(view);
            refresh();
            QCOMPARE(window_->inspector().plot().series().size(), std::size_t(2));
            QCOMPARE(layers().count(), 2);
        }
        // Heads are of the attention: the mean of two heads, 1 to 4 and 5 to 8.
        QCOMPARE(window_->inspector().plot().series()[0].values, (std::vector<double>{3.0, 3.0}));
    }
    void withoutMapsThereIsNothingOfALayer() {
        QVERIFY(!layers().isVisible());
        QVERIFY(!histogram().isVisible());
        QVERIFY(!text().contains("Outlier") && !text().contains("mask"));
        QVERIFY(!window_->actions()["file.load_mask"]->isEnabled());
    }

    void outliersArePinnedOneAfterAnother() {
        session_->open(files_->make({"spiky.pth", "x.png"}));
        waitUntilIdle();
        QLabel& label = labelNamed("Outlier tokens");
        // The strongest first.
        QVERIFY2(
            label.text().indexOf("row 2, column 4") < label.text().indexOf("row 2, column 3"),
            qPrintable(label.text()));
        QVERIFY(label.text().contains("2 outliers"));
        QVERIFY(label.toolTip().contains("1.4826"));
        ViewState view = session_->view();
        view.selection.region = TokenRegion{0, 0, 1, 1, 2, 4};
        session_->setView(view);
        // By the keyboard: Tab goes from link to link.
        label.setFocus();
        QTest::keyClick(&label, Qt::Key_Tab);
        QTest::keyClick(&label, Qt::Key_Return);
        QCOMPARE(session_->view().selection.pinned, std::optional(TokenPlace{TokenIndex{7}, 2, 4}));
        QVERIFY(!session_->view().selection.region);
        Q_EMIT label.linkActivated("next:0");
        QCOMPARE(session_->view().selection.pinned->token, TokenIndex{6});
        Q_EMIT label.linkActivated("next:0");
        QCOMPARE(session_->view().selection.pinned->token, TokenIndex{7});
        Q_EMIT label.linkActivated("pin:0:6");
        QCOMPARE(session_->view().selection.pinned->token, TokenIndex{6});
        // A model that is not there any more.
        Q_EMIT label.linkActivated("next:3");
        QCOMPARE(session_->view().selection.pinned->token, TokenIndex{6});
    }
    void outliersAreOfTheMagnitudeWhateverIsShown() {
        session_->open(files_->make({"spiky.pth", "x.png"}));
        waitUntilIdle();
        window_->actions()["view.frequency"]->trigger();
        refresh();
        QVERIFY(labelNamed("Outlier tokens").text().contains("2 outliers"));
    }
    void noOutliersIsSaid() {
        openPair();
        QVERIFY2(
            labelNamed("Outlier tokens").text().contains(">none<"),
            qPrintable(labelNamed("Outlier tokens").text()));
    }

    void aMaskIsScored() {
        files_->make({"masks/none"});
        writeLastQuarter("masks/x.png");
        openPair();
        const QString scores = labelNamed("Mask scores").text();
        QVERIFY2(scores.contains("x.png"), qPrintable(scores));
        QCOMPARE(scores.count("IoU 1.000 at t = 0.7, AP 1.000"), 2);
        // All tokens of a grid of 2 by 2 are as far from its middle: one in four is object.
        QCOMPARE(scores.count("Centred Gaussian"), 1);
        QVERIFY2(scores.contains("IoU 0.000 at t = 0.1, AP 0.250"), qPrintable(scores));
        // Another map, other scores.
        window_->actions()["view.frequency"]->trigger();
        refresh();
        QVERIFY(!labelNamed("Mask scores").text().contains("IoU 1.000"));
    }
    void aMaskIsLoaded() {
        openPair();
        QVERIFY(labelNamed("Mask scores").text().contains("None is loaded"));
        writeLastQuarter("other.png");
        QTimer answer;
        connect(&answer, &QTimer::timeout, this, [&] {
            if (auto* dialog = qobject_cast<QFileDialog*>(QApplication::activeModalWidget())) {
                answer.stop();
                auto* name = dialog->findChild<QLineEdit*>("fileNameEdit");
                name->setText(files_->path("other.png"));
                QTest::keyClick(name, Qt::Key_Return);
            }
        });
        answer.start(10);
        auto* button = window_->findChild<QToolButton*>("loadMask");
        if (button == nullptr) {
            QFAIL("no button");
        }
        QVERIFY(button->focusPolicy() & Qt::TabFocus);
        button->click();
        waitUntilIdle();
        QVERIFY(labelNamed("Mask scores").text().contains("IoU 1.000 at t = 0.7, AP 1.000"));
        QVERIFY(labelNamed("Mask scores").text().contains("other.png"));
    }
    void aMaskThatDoesNotFitSaysWhy() {
        openPair();
        QImage image(5, 7, QImage::Format_Grayscale8);
        image.fill(255);
        QVERIFY(image.save(files_->path("other.png")));
        session_->setMask(files_->path("other.png").toStdString());
        waitUntilIdle();
        QVERIFY2(
            labelNamed("Mask scores").text().contains("The mask is 5 × 7 pixels"),
            qPrintable(labelNamed("Mask scores").text()));
        QVERIFY(!labelNamed("Mask scores").text().contains("IoU"));
        QVERIFY(window_->grid().notice().isHidden());
    }

    void nothingIsClippedAtItsNarrowest() {
        files_->make({"masks/none"});
        writeLastQuarter("masks/a_picture_with_quite_a_long_name_without_spaces.png");
        session_->open(files_->make(
            {"a_checkpoint_with_a_name_that_is_much_longer_than_any_panel_is_wide.pth",
             "spiky_one_with_another_name_of_that_kind_and_then_some_more.pth",
             "a_picture_with_quite_a_long_name_without_spaces.png"}));
        waitUntilIdle();
        pin(TokenPlace{TokenIndex{1}, 2, 2});
        auto* scroll = window_->inspector().findChild<QScrollArea*>();
        window_->resizeDocks({&window_->inspector()}, {240}, Qt::Horizontal);
        QTRY_COMPARE_WITH_TIMEOUT(scroll->width(), 240, 5'000);
        QTRY_COMPARE_WITH_TIMEOUT(scroll->widget()->width(), scroll->viewport()->width(), 5'000);
        int labels = 0;
        for (const auto* label : scroll->findChildren<QLabel*>()) {
            if (!label->isVisible()) {
                continue;
            }
            ++labels;
            QTextDocument document;
            document.setDocumentMargin(0.0);
            QTextOption option;
            option.setWrapMode(QTextOption::WordWrap);
            document.setDefaultTextOption(option);
            document.setDefaultFont(label->font());
            document.setHtml(label->text());
            document.setTextWidth(label->width());
            QVERIFY2(document.idealWidth() <= label->width(), qPrintable(label->text()));
            QVERIFY2(document.size().height() <= label->height() + 1, qPrintable(label->text()));
            const QRect place(label->mapTo(scroll->widget(), QPoint()), label->size());
            QVERIFY(scroll->widget()->rect().contains(place));
        }
        QVERIFY2(labels >= 7, qPrintable(QString::number(labels)));
    }

private:
    [[nodiscard]] QComboBox& layers() const {
        return *window_->inspector().findChild<QComboBox*>();
    }
    [[nodiscard]] const HistogramPlot& histogram() const {
        return window_->inspector().histogram();
    }
    [[nodiscard]] QImage histogramImage() const {
        QCoreApplication::processEvents();
        return window_->inspector().findChild<HistogramPlot*>()->grab().toImage();
    }
    void refresh() { window_->grid().refresh(); }
    void waitUntilIdle() {
        QTRY_VERIFY_WITH_TIMEOUT(session_->isIdle(), 20'000);
        refresh();
    }
    void pin(const std::optional<TokenPlace>& place) {
        ViewState view = session_->view();
        view.selection.pinned = place;
        session_->setView(view);
        refresh();
    }
    [[nodiscard]] QLabel& labelNamed(const QString& name) const {
        for (auto* label : window_->inspector().findChildren<QLabel*>()) {
            if (label->accessibleName() == name) {
                return *label;
            }
        }
        qFatal("no such label");
    }
    /// A mask of the fake pictures whose object is in the last token.
    void writeLastQuarter(const QString& name) const {
        QImage image(12, 6, QImage::Format_Grayscale8);
        image.fill(0);
        for (int y = 3; y < 6; ++y) {
            for (int x = 6; x < 12; ++x) {
                image.setPixel(x, y, qRgb(255, 255, 255));
            }
        }
        QVERIFY(image.save(files_->path(name), "PNG"));
    }
    /// All that the inspector says.
    [[nodiscard]] QString text() const {
        QString all;
        for (const QLabel* label : window_->inspector().findChildren<QLabel*>()) {
            all += label->isVisible() ? label->text() + u'\n' : QString();
        }
        return all;
    }
};

int main(int argc, char** argv) {
    setDefaultSurfaceFormat();
    QCoreApplication::setAttribute(Qt::AA_DontUseNativeDialogs);
    QApplication application(argc, argv);
    InspectorLayerTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "inspector_layer_test.moc"
