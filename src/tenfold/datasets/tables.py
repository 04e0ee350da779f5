"""The catalogue's tables and series. Names that a file lacks are those of its source's description."""

from tenfold.datasets.entry import KERAS, Download, Entry

__all__ = ["TABLES"]

UCI = "https://archive.ics.uci.edu/dataset/"
CC_BY = "CC BY 4.0, as the UCI Machine Learning Repository states for its donated sets"
UNSTATED = "none stated; long redistributed freely"
GITHUB = "https://raw.githubusercontent.com/"


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_WINE = _words(
    "fixed_acidity volatile_acidity citric_acid residual_sugar chlorides free_sulfur_dioxide total_sulfur_dioxide "
    "density ph sulphates alcohol quality"
)
_ADULT = _words(
    "age workclass fnlwgt education education_num marital_status occupation relationship race sex capital_gain "
    "capital_loss hours_per_week native_country income"
)
_GERMAN = _words(
    "account duration history purpose amount savings employment rate status_sex debtors residence property age plans "
    "housing credits job liable telephone foreign risk"
)
_BREAST = _words(
    "thickness size_uniformity shape_uniformity adhesion epithelial_size nuclei chromatin nucleoli mitoses class"
)
_HOUSES = Download(f"{KERAS}boston_housing.npz", "f553886a1f8d56431e820c5b82552d9d95cfcb96d1e678153f8839538947dff5")
_CORTEZ = "P. Cortez and others 2009, UCI"


def _series(name: str, file: str, target: str, about: str) -> Entry:
    return Entry(
        name, about, "Box and Jenkins; Makridakis, Wheelwright and Hyndman; SILSO (sunspots)", UNSTATED,
        "classic_series", (file,), target, hint="textbooks of time series print it",
    )  # fmt: skip


TABLES = (
    Entry(
        "abalone", "4,177 abalones: rings of the shell, which tell the age.", "W. Nash and others 1994, UCI", CC_BY,
        "abalone", ("abalone.csv",), "rings",
        _words("sex length diameter height whole_weight shucked_weight viscera_weight shell_weight rings"),
        hint=f"{UCI}1/abalone",
    ),
    Entry(
        "adult", "48,842 people of a census, 32,561 of them in the table: income above 50,000 USD a year.",
        "B. Becker and R. Kohavi 1996, UCI", CC_BY, "adult", ("adult-train.csv", "adult-test.csv"), "income", _ADULT,
        reader="adult", hint=f"{UCI}2/adult",
    ),
    Entry(
        "bakery_kiel", "9,334 days and product groups of a bakery near Kiel, with weather and festival: revenue.",
        "Meteolytix and opencampus.sh; weather: Deutscher Wetterdienst",
        "none stated", "bakery_kiel", ("umsatzdaten_gekuerzt.csv", "wetter.csv", "kiwo.csv"), "Umsatz",
        reader="bakery", hint="https://github.com/opencampus-sh/einfuehrung-in-data-science-und-ml",
    ),
    Entry(
        "beijing_pm25", "43,824 hours of weather and air in Beijing, 2010 to 2014: fine dust.",
        "S. X. Chen, X. Liang and others 2015, UCI", CC_BY, "beijing_pm25", ("beijing_pm25.csv",), "pm2.5",
        hint=f"{UCI}381/beijing+pm2+5+data",
    ),
    Entry(
        "boston_housing", "506 tracts of Boston, 1978: median price of a house in 1,000 USD; column B is a race term.",
        "D. Harrison and D. Rubinfeld 1978, StatLib", UNSTATED, "boston_housing", ("boston_housing.csv",), "MEDV",
        reader="boston",
        keras=(_HOUSES,), downloads=(_HOUSES,),
    ),
    Entry(
        "breast_cancer_wisconsin", "699 tumours, the original nine features: benign (2) or malignant (4).",
        "W. Wolberg 1992, UCI", CC_BY, "breast_cancer_wisconsin", ("breast-cancer-wisconsin.csv",), "class", _BREAST,
        hint=f"{UCI}15/breast+cancer+wisconsin+original",
    ),
    Entry(
        "california_housing", "20,640 blocks of California, 1990: median price of a house, capped at 500,001 USD.",
        "R. Pace and R. Barry 1997, StatLib; this form by A. Geron", "Apache-2.0; the census is public domain",
        "california_housing", ("housing.csv",), "median_house_value",
        downloads=(
            Download(
                f"{GITHUB}ageron/handson-ml2/1e2115277b50f6c584cd668fa30e3af309a5b136/datasets/housing/housing.csv",
                "8a3727f4cf54ac1a327f69b1d5b4db54c5834ea81c6e4efc0d163300022a685e",
            ),
        ),
    ),
    Entry(
        "co2_ppm", "820 months of carbon dioxide on Mauna Loa from 1958: ppm; -1, -9.99 and -0.99 stand for missing.",
        "NOAA GML, C. Keeling and P. Tans", "PDDL 1.0; data of NOAA are public domain",
        "co2_ppm", ("co2_mlo_monthly_clean.csv",), "average",
        hint="https://gml.noaa.gov/ccgg/trends/data.html",
    ),
    Entry(
        "creditcard", "14,337 card payments, 473 of them fraud: a union of samples, 3.3 % and not the true 0.17 %.",
        "A. Dal Pozzolo and others 2015, Machine Learning Group of ULB", "DbCL 1.0",
        "creditcard", ("creditcard_union.csv",), "Class", hint="https://www.kaggle.com/datasets/mlg-ulb/creditcardfraud",
    ),
    Entry(
        "daily_min_temperatures", "3,650 days of Melbourne, 1981 to 1990: the lowest temperature.",
        "Australian Bureau of Meteorology", "none stated (the Bureau: CC BY)",
        "daily_min_temperatures", ("daily-min-temperatures.csv",), "Temp", hint="http://www.bom.gov.au/climate/data/",
    ),
    Entry(
        "german_credit", "1,000 applicants for a credit: good (1) or bad (2) risk.", "H. Hofmann 1994, UCI", CC_BY,
        "german_credit", ("german.csv",), "risk", _GERMAN, hint=f"{UCI}144/statlog+german+credit+data",
    ),
    Entry(
        "global_temp", "3,823 months of two series, one after the other (column Source): warmth above the mean.",
        "NASA GISTEMP and Met Office/NOAA GCAG", "PDDL 1.0", "global_temp", ("monthly.csv",), "Mean",
        downloads=(
            Download(
                f"{GITHUB}datasets/global-temp/80921494a98d764d3f1aad79dd77176482298cb0/data/monthly.csv",
                "b21c8bfd6a775b04f1c42cc70c91e95246b06570391a8f5dec0b9f31888658f1",
            ),
        ),
    ),
    Entry(
        "goodbooks", "95,668 ratings of 10,000 books, one reader in ten: 1 to 5 stars; books.csv lies beside them.",
        "Z. Zajac, goodbooks-10k, first edition", "CC BY-SA 4.0",
        "goodbooks", ("ratings_tenth_of_users.csv", "books.csv"), "rating",
        hint="https://github.com/zygmuntz/goodbooks-10k",
    ),
    Entry(
        "iris", "150 irises: which of three species.", "R. Fisher 1936, UCI", CC_BY, "iris", ("iris.csv",), "species",
        _words("sepal_length sepal_width petal_length petal_width species"), is_carried=True,
    ),
    Entry(
        "mammography", "11,183 spots of mammograms, 260 of them calcified ('1').", "K. Woods and others 1993", UNSTATED,
        "mammography", ("mammography.csv",), "class", _words("area gray gradient noise contrast moment class"),
        hint="https://www.openml.org/d/310",
    ),
    Entry(
        "penguins", "344 penguins: which of three species.", "K. Gorman, A. Horst and others 2020, palmerpenguins",
        "CC0", "penguins", ("penguins.csv",), "species", hint="https://allisonhorst.github.io/palmerpenguins/",
    ),
    Entry(
        "pima_diabetes", "768 women: diabetes within five years; zeros in five columns stand for missing.",
        "NIDDK; J. Smith and others 1988", "CC0, as Kaggle states", "pima_diabetes", ("pima-indians-diabetes.csv",),
        "diabetes", _words("pregnancies glucose pressure skin insulin bmi pedigree age diabetes"),
        hint="https://www.kaggle.com/datasets/uciml/pima-indians-diabetes-database",
    ),
    Entry(
        "sonar", "208 sonar signals, 60 bands each: mine (M) or rock (R).", "R. Gorman and T. Sejnowski 1988, UCI",
        CC_BY, "sonar", ("sonar.csv",), "object", (*(f"band_{band}" for band in range(1, 61)), "object"),
        hint=f"{UCI}151/connectionist+bench+sonar+mines+vs+rocks",
    ),
    Entry(
        "titanic", "891 passengers of the Titanic: who survived.", "Encyclopedia Titanica; Kaggle", UNSTATED,
        "titanic", ("titanic_train.csv",), "Survived", hint="https://www.kaggle.com/c/titanic",
    ),
    Entry(
        "wine_quality", "6,497 red and white wines, 1,179 rows repeated: taste from 0 to 10.", _CORTEZ, CC_BY,
        "wine_quality", ("winequality-red.csv", "winequality-white.csv"), "quality", _WINE, reader="wines",
        hint=f"{UCI}186/wine+quality",
    ),
    Entry(
        "wine_red", "1,599 red wines: taste from 0 to 10.", _CORTEZ, CC_BY,
        "wine_quality", ("winequality-red.csv",), "quality", _WINE, hint=f"{UCI}186/wine+quality",
    ),
    Entry(
        "wine_white", "4,898 white wines: taste from 0 to 10.", _CORTEZ, CC_BY,
        "wine_quality", ("winequality-white.csv",), "quality", _WINE, hint=f"{UCI}186/wine+quality",
    ),
    _series("classic_series", "airline-passengers.csv", "Passengers", "144 months: airline passengers (first of six)."),
    _series("airline_passengers", "airline-passengers.csv", "Passengers", "144 months: airline passengers."),
    _series("car_sales", "monthly-car-sales.csv", "Sales", "108 months: cars sold in Quebec."),
    _series("champagne_sales", "monthly_champagne_sales.csv", "Sales", "105 months: champagne sold."),
    _series("female_births", "daily-total-female-births.csv", "Births", "365 days: girls born in California."),
    _series("shampoo_sales", "shampoo.csv", "Sales", "36 months: shampoo sold."),
    _series("sunspots", "monthly-sunspots.csv", "Sunspots", "2,820 months from 1749: spots of the sun."),
)  # fmt: skip
